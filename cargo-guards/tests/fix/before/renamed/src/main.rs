//! A program of the library's name, with a test of the same name.

#[cfg(test)]
extern crate guards as resource_guards;

#[cfg(test)]
guards::install!(&forms::DESK);

fn main() {}

#[cfg(test)]
mod tests {
    #[test]
    fn plain() {
        forms::desk().unwrap();
    }

    #[test]
    fn of_the_program() {}
}
