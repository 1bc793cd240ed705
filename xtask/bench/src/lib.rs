//! Measuring inside of the process that is measured.

use std::env;
use std::fs::OpenOptions;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

/// Names the file that figures are appended to.
pub const FIGURES: &str = "BENCH_FIGURES";

/// Appends a figure, `NAME VALUE`, to the file that the environment names.
///
/// # Errors
///
/// If there is no such file, or it cannot be written.
pub fn report(name: &str, value: f64) -> io::Result<()> {
    let path = env::var_os(FIGURES).ok_or_else(|| io::Error::other("run me with `cargo xtask bench`"))?;
    writeln!(OpenOptions::new().append(true).create(true).open(path)?, "{name} {value}")
}

/// Nanoseconds a call: the median of many batches, each shorter than a time slice, less what an empty loop takes.
pub fn nanoseconds(mut call: impl FnMut()) -> f64 {
    const CALLS: u32 = 2_000;
    let batch = |call: &mut dyn FnMut()| {
        let begin = Instant::now();
        call();
        begin.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
    };
    let mut costs = Vec::new();
    for _ in 0..1_000 {
        let with = batch(&mut || {
            (0..CALLS).for_each(|n| {
                black_box(n);
                call();
            })
        });
        let without = batch(&mut || {
            (0..CALLS).for_each(|n| {
                black_box(n);
            })
        });
        costs.push(with - without);
    }
    median(&mut costs)
}

/// The middle value.
#[must_use]
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values {
        [] => f64::NAN,
        _ if values.len() % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// How long something takes, in microseconds.
pub fn microseconds(what: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    what();
    let taken: Duration = begin.elapsed();
    taken.as_secs_f64() * 1e6
}

/// 300 tests made from one function: `tests!(body)`. As many hundreds as are named: `tests!(body; a b)`.
#[macro_export]
macro_rules! tests {
    ($(#[$attribute:meta])* $body:path) => {
        $crate::tests!($(#[$attribute])* $body; h0 h1 h2);
    };
    ($(#[$attribute:meta])* $body:path; $($hundred:ident)*) => {
        $crate::tests!(@hundreds [$(#[$attribute])*] $body; $($hundred)*);
    };
    (@hundreds $attributes:tt $body:path; $($hundred:ident)*) => {
        $(mod $hundred { $crate::tests!(@tens $attributes $body; t0 t1 t2 t3 t4 t5 t6 t7 t8 t9); })*
    };
    (@tens $attributes:tt $body:path; $($ten:ident)*) => {
        $(mod $ten { $crate::tests!(@ones $attributes $body; u0 u1 u2 u3 u4 u5 u6 u7 u8 u9); })*
    };
    (@ones $attributes:tt $body:path; $($one:ident)*) => {
        $($crate::tests!(@test $attributes $body; $one);)*
    };
    (@test [$(#[$attribute:meta])*] $body:path; $name:ident) => {
        $(#[$attribute])*
        #[test]
        fn $name() {
            $body();
        }
    };
}
