//! Shared by the integration tests: each of them installs by naming this module.

resource_guards::install!(&forms::DESK);
