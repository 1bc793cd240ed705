//! The contract between the session and whatever watches a resource.

use async_trait::async_trait;

use crate::{Footprint, GuardError, Resource, Site};

/// Watches one resource at one chokepoint.
///
/// # Who calls what, when
///
/// The session drives a guard through one life in each test process:
///
/// 1. [`install`](Self::install), once, before `main`, in the order of registration. No other thread exists yet.
/// 2. The session applies what all guards asked of their [`Site`]: environment first, threads after it.
/// 3. The tests run. The guard's chokepoint calls [`Resource::enforce`], in this process or, through the wrapper and
///    the log, in another.
/// 4. [`cleanup`](Self::cleanup), once, when the process exits, in reverse order, **for every guard whose `install` was
///    started**, whether that succeeded or not and whatever the other guards or the tests did.
///
/// Outside test runs (a listing, `RESOURCE_GUARDS=off`, a program that links a guard crate) neither is called.
///
/// # What a failed install leaves behind
///
/// An error, or a panic, from `install` fails every run of the test binary, after all other guards were tried, so that
/// all errors are shown at once. What the guard asked of its site is then not applied, and its `cleanup` is called: it
/// must cope with a half-made installation.
///
/// # Idempotence
///
/// The same guard may be registered several times; the session folds registrations by resource and
/// [`name`](Self::name), so each method runs once a process. Registrations which fold must have equal
/// [`settings`](Self::settings).
///
/// # Async
///
/// Both methods run on a minimal executor without a reactor: `await` what needs none, bind sockets with the standard
/// library, and serve them from a thread that the site starts.
///
/// # Example
///
/// ```
/// use resource_guards::{async_trait, GuardError, Resource, ResourceGuard, Site};
///
/// static MY_SDK: Resource = Resource::new("my_sdk");
///
/// struct MySdk;
///
/// #[async_trait]
/// impl ResourceGuard for MySdk {
///     fn resource(&self) -> &Resource {
///         &MY_SDK
///     }
///     async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
///         site.set_env("MY_SDK_ENDPOINT", "http://127.0.0.1:9/");
///         Ok(())
///     }
///     async fn cleanup(&self) -> Result<(), GuardError> {
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait ResourceGuard: Send + Sync + 'static {
    /// The resource that users declare. Its name is checked when the session starts.
    fn resource(&self) -> &Resource;

    /// Puts the chokepoint in place.
    ///
    /// # Errors
    ///
    /// Whatever keeps the guard from watching. It fails the whole run: an unguarded run has no verdict.
    async fn install(&self, site: &mut Site) -> Result<(), GuardError>;

    /// Takes the chokepoint away. Called also after a failed [`install`](Self::install).
    ///
    /// # Errors
    ///
    /// What could not be taken away. It is reported and fails the run; the other guards are still cleaned.
    async fn cleanup(&self) -> Result<(), GuardError>;

    /// What the kernel would see of this resource.
    fn footprint(&self) -> Footprint {
        Footprint::default()
    }

    /// Is the real thing here? Asked at most once a run, and never by the tests themselves.
    async fn probe(&self) -> Availability {
        Availability::Unknown
    }

    /// Why no target that this guard records can match a pattern, such as `api.github.com` of `http("api.github.com")`, and
    /// what to write in its place. `None`: some target may match.
    ///
    /// It is asked about the patterns of all declarations before the first test. Where every guard of the resource refuses a
    /// pattern, and `guards.toml` does not describe the resource too, each run of the test binary fails, as it does for a
    /// misspelt name: refuse only what is certain, and no target that the guard itself records, since mends are made of those.
    ///
    /// ```
    /// /// Of a guard whose targets are addresses of mail.
    /// fn mistake_in_target(pattern: &str) -> Option<String> {
    ///     let address = pattern.strip_prefix("mailto:")?;
    ///     Some(format!("a target is an address, and this has a scheme; write mail({address:?})"))
    /// }
    /// assert!(mistake_in_target("*@example.org").is_none());
    /// ```
    fn mistake_in_target(&self, pattern: &str) -> Option<String> {
        let _ = pattern;
        None
    }

    /// Tells this guard from other guards of the same resource. By default the name of the type.
    fn name(&self) -> String {
        std::any::type_name::<Self>().to_owned()
    }

    /// The guard's settings as text. Two registrations of one name with different settings are an error at start.
    fn settings(&self) -> String {
        std::any::type_name::<Self>().to_owned()
    }
}

// The registry holds guards as trait objects.
const _: fn(&dyn ResourceGuard) = |_| {};

/// Whether the real thing behind a resource can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Availability {
    /// It answered.
    Available,
    /// It is not here, and why.
    Missing(String),
    /// The guard cannot tell.
    Unknown,
}

/// A resource without a chokepoint to install: code calls [`Resource::enforce`] by itself.
///
/// It makes `install!(&MY_SDK)` and `inventory::submit!(Registration::new(|| Box::new(&MY_SDK)))` work, so that
/// `#[uses(my_sdk)]` is a known name.
#[async_trait]
impl ResourceGuard for &'static Resource {
    fn resource(&self) -> &Resource {
        self
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }
}
