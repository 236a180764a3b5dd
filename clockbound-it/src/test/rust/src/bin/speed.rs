// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
//! How fast clock-bound-client 2.0.3 reads the segment of layout 2: prints the median and the 99th percentile of batches, in nanoseconds a
//! reading. Arguments: the segment, how long in all and how long a batch is, in milliseconds.

use client2::{ClockBoundClient, ClockStatus};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let millis = |word: &String| Duration::from_millis(word.parse().expect("milliseconds"));
    let (whole, batch) = (millis(&words[1]), millis(&words[2]));
    let mut client = ClockBoundClient::new_with_path(&words[0]).expect("a segment");
    let mut means = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < whole {
        means.push(nanos_per_reading(&mut client, batch));
    }
    means.sort_by(f64::total_cmp);
    println!("{:.2} {:.2}", means[means.len() / 2], means[means.len() * 99 / 100]);
}

fn nanos_per_reading(client: &mut ClockBoundClient, batch: Duration) -> f64 {
    let begin = Instant::now();
    let mut readings = 0u32;
    while begin.elapsed() < batch {
        for _ in 0..1000 {
            let now = black_box(client.now().expect("a reading"));
            assert!(now.clock_status == ClockStatus::Synchronized, "not synchronised");
        }
        readings += 1000;
    }
    begin.elapsed().as_nanos() as f64 / f64::from(readings)
}
