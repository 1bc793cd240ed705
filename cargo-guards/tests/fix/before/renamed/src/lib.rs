//! Calls the crate of the attributes by another name, and has a program beside the library.

#[cfg(test)]
extern crate guards as resource_guards;

#[cfg(test)]
guards::install!(&forms::DESK);

#[cfg(test)]
mod tests {
    #[test]
    fn plain() {
        forms::desk().unwrap();
    }
}
