//! What a call costs in a real guarded test process: `enforce`, and a wrapped program beside a direct spawn.

use std::env;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};

use bench::{median, microseconds, nanoseconds, report};
use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("true"));

#[uses(sdk)]
#[test]
fn enforce() {
    let known = nanoseconds(|| {
        let _ = black_box(black_box(&SDK).enforce(|| "a call"));
    });
    report("enforce-known", known).unwrap();
    // Many hosts, to be fair to the set.
    for n in 0..16 {
        SDK.enforce_at(&format!("host-{n}.example"), || "a call").unwrap();
    }
    let known_target = nanoseconds(|| {
        let _ = black_box(black_box(&SDK).enforce_at(black_box("host-7.example"), || "a call"));
    });
    report("enforce-known-target", known_target).unwrap();
}

/// Direct, wrapped by us and wrapped by the reference, in turn.
#[uses("true")]
#[test]
fn programs() {
    const ROUNDS: usize = 400;
    let path = env::var_os("PATH").unwrap();
    let mut found = env::split_paths(&path).map(|dir| dir.join("true")).filter(|file| file.is_file());
    let (wrapper, direct) = (found.next().unwrap(), found.next().unwrap());
    let reference = env::var_os("BENCH_REFERENCE_WRAPPER");
    let programs: Vec<&Path> =
        [direct.as_path(), wrapper.as_path()].into_iter().chain(reference.as_deref().map(Path::new)).collect();

    let mut costs = vec![Vec::new(); programs.len()];
    for round in 0..ROUNDS + 20 {
        for (program, costs) in programs.iter().zip(&mut costs) {
            let mut command = Command::new(program);
            command.stdin(Stdio::null()).stdout(Stdio::null());
            let cost = microseconds(|| assert!(command.status().unwrap().success()));
            // The first rounds warm the caches.
            if round >= 20 {
                costs.push(cost);
            }
        }
    }
    for (name, costs) in ["program-direct", "program-wrapped", "program-reference"].iter().zip(&mut costs) {
        report(name, median(costs)).unwrap();
    }
}
