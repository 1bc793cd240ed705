//! The guard of one program.

use resource_guards::{Availability, Footprint, GuardError, Resource, ResourceGuard, Site, async_trait};

use crate::script::Wrapper;

/// Guards the program of this name.
///
/// The resource has the program's name. Where that is no resource name (`python3.11`), or where several programs are
/// one resource, give it: `Binary("python3.11").resource("python")`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a guard does nothing until it is given to install!"]
pub struct Binary {
    program: &'static str,
    resource: &'static str,
    restores: &'static [&'static str],
}

/// Guards the program of this name; see [`struct@Binary`].
#[expect(non_snake_case, reason = "users type it as the constructor of the struct, which also has a resource's name")]
pub const fn Binary(program: &'static str) -> Binary {
    Binary { program, resource: program, restores: &[] }
}

impl Binary {
    /// Names the resource that tests declare.
    pub const fn resource(self, resource: &'static str) -> Self {
        Self { resource, ..self }
    }

    /// Gives the program the values that the user's own environment has for these variables, where the session has
    /// redirected them into the directory of the running test. A value that the test set by itself is left alone.
    pub const fn restoring(self, variables: &'static [&'static str]) -> Self {
        Self { restores: variables, ..self }
    }
}

#[async_trait]
impl ResourceGuard for Binary {
    fn resource(&self) -> &Resource {
        Resource::named(self.resource)
    }

    async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
        let wrapper = Wrapper::new(self.program, self.resource)?;
        let restores = self.restores.iter().map(|&name| (name, site.env(name))).collect();
        let wrapper = wrapper.restoring(restores);
        site.wrap(self.program, wrapper.key(), move || wrapper.text())
            .map_err(|error| GuardError::new("wrap the program", self.program, error))
    }

    /// Nothing is left to do: the session removes its wrappers.
    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }

    fn footprint(&self) -> Footprint {
        Footprint::default().program(self.program)
    }

    async fn probe(&self) -> Availability {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|dir| dir.join(self.program).is_file());
        if found {
            Availability::Available
        } else {
            Availability::Missing(format!("`{}` is not on PATH", self.program))
        }
    }

    fn mistake_in_target(&self, pattern: &str) -> Option<String> {
        let why = "a target is a first argument of printable ASCII, any other counts as none; write \"*\", or no target at all";
        (!pattern.is_ascii()).then(|| why.to_owned())
    }

    fn name(&self) -> String {
        format!("program {}", self.program)
    }

    fn settings(&self) -> String {
        format!("{self:?}")
    }
}
