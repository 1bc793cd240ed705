//! What `guards_a_module_of_another_file.rs` names.
