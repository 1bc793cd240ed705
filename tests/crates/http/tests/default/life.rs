//! What a test leaves behind in its process: nothing.

use std::time::{Duration, Instant};
use std::{fs, thread};

use http_clients::clients::{reqwest, ureq};
use resource_guards::uses;

fn count(what: &str) -> usize {
    fs::read_dir(format!("/proc/self/{what}")).expect("this process has one").count()
}

#[uses(http("api.github.test"))]
#[test]
fn five_hundred_requests_leak_no_descriptor_and_no_thread() {
    let ask = |n: usize| match n % 4 {
        0 => reqwest::plain("http://api.github.test/users", ""),
        1 => reqwest::plain("https://api.github.test/users", ""),
        2 => ureq::get("http://api.github.test/users", ""),
        _ => ureq::get("https://api.github.test/users", ""),
    };
    let all = || {
        let threads: Vec<_> = (0..10)
            .map(|of| {
                thread::spawn(move || {
                    (0..50).for_each(|n| assert!(ask(of + n).is_ok()));
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("all are answered"));
    };
    (0..4).for_each(|n| assert!(ask(n).is_ok()));
    thread::sleep(Duration::from_millis(200));
    let (files, threads) = (count("fd"), count("task"));
    all();
    let began = Instant::now();
    loop {
        let (files_now, threads_now) = (count("fd"), count("task"));
        // The proxy keeps a few idle threads.
        if files_now <= files && threads_now <= threads + 8 {
            return;
        }
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{files} to {files_now} files, {threads} to {threads_now} threads"
        );
        thread::sleep(Duration::from_millis(50));
    }
}
