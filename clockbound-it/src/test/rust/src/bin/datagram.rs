// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
//! clock-bound-c 0.1.1: the socket of protocol 1. It takes errors for answers, so the type of the answer is looked at here.

use clock_bound_c::ClockBoundClient;
use peer_readers::{arguments, read_for_ever, wall_nanos, Said};

const SECOND: u64 = 1_000_000_000;

fn main() {
    let (socket, period) = arguments();
    let client = ClockBoundClient::new_with_path(socket.into()).expect("a client");
    read_for_ever(period, || said(&client));
}

fn said(client: &ClockBoundClient) -> Said {
    let now = match client.now() {
        Ok(now) => now,
        Err(e) => return Said::Error(e.to_string()),
    };
    let answer = (now.header.response_type, now.header.unsynchronized_flag);
    let status = match answer {
        (1, false) => "SYNCHRONIZED",
        (1, true) => "FREE_RUNNING",
        (0, _) => "UNKNOWN",
        _ => return Said::Error(format!("an answer of type {}", answer.0)),
    };
    Said::Interval {
        status: status.into(),
        earliest_nanos: now.bound.earliest.into(),
        latest_nanos: now.bound.latest.into(),
        remark: order(client),
    }
}

/// Tells whether a second ago and in a second are before the interval, then whether they are after it, a digit each. Where
/// the wall clock's own now lies depends on its error, which the interval makes up for.
fn order(client: &ClockBoundClient) -> String {
    let now = wall_nanos() as u64;
    let mut digits = String::new();
    for instant in [now - SECOND, now + SECOND] {
        match client.before(instant) {
            Ok(answer) => digits.push(digit(answer.before)),
            Err(e) => return e.to_string(),
        }
    }
    for instant in [now - SECOND, now + SECOND] {
        match client.after(instant) {
            Ok(answer) => digits.push(digit(answer.after)),
            Err(e) => return e.to_string(),
        }
    }
    digits
}

fn digit(answer: bool) -> char {
    if answer {
        '1'
    } else {
        '0'
    }
}
