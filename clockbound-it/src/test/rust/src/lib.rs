// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
//! Reads a clock at a steady pace and prints every reading as a line of words:
//! wall clock before, wall clock after, status, earliest, latest, what else there is to say.

use std::io::{self, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What a client said: an interval and its status, or why there is none.
pub enum Said {
    Interval {
        status: String,
        earliest_nanos: i128,
        latest_nanos: i128,
        remark: String,
    },
    Error(String),
}

/// Returns what the wall clock shows, in nanoseconds since the epoch.
pub fn wall_nanos() -> i128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the wall clock is after 1970")
        .as_nanos() as i128
}

/// Returns the arguments: where the clock is, and how long from one reading to the next.
pub fn arguments() -> (String, Duration) {
    let mut words = std::env::args().skip(1);
    let place = words.next().expect("the path of a socket or segment");
    let micros = words.next().expect("the period in microseconds");
    (place, Duration::from_micros(micros.parse().expect("a number")))
}

/// Reads until nobody listens any more, or the process is ended.
pub fn read_for_ever(period: Duration, mut read: impl FnMut() -> Said) {
    let mut out = io::stdout().lock();
    let mut next = Instant::now();
    loop {
        let asked = wall_nanos();
        let said = read();
        let answered = wall_nanos();
        let line = match said {
            Said::Interval {
                status,
                earliest_nanos,
                latest_nanos,
                remark,
            } => format!("{asked} {answered} {status} {earliest_nanos} {latest_nanos} {remark}"),
            Said::Error(reason) => format!("{asked} {answered} ERROR 0 0 {reason}"),
        };
        if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
            return;
        }
        next += period;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}
