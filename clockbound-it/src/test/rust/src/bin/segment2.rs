// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
//! clock-bound-client 2.0.3: the segment of layout 2.

use client2::{ClockBoundClient, ClockStatus};
use peer_readers::{arguments, read_for_ever, Said};

fn main() {
    let (segment, period) = arguments();
    let mut client = None;
    read_for_ever(period, || {
        if client.is_none() {
            client = match ClockBoundClient::new_with_path(&segment) {
                Ok(opened) => Some(opened),
                Err(e) => return Said::Error(format!("{e:?}")),
            };
        }
        client.as_mut().map(said).expect("a client")
    });
}

fn said(client: &mut ClockBoundClient) -> Said {
    match client.now() {
        Ok(now) => Said::Interval {
            status: name(now.clock_status).into(),
            earliest_nanos: nanos(now.earliest.tv_sec(), now.earliest.tv_nsec()),
            latest_nanos: nanos(now.latest.tv_sec(), now.latest.tv_nsec()),
            remark: String::new(),
        },
        Err(e) => Said::Error(format!("{e:?}")),
    }
}

fn nanos(seconds: i64, nanos: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanos)
}

fn name(status: ClockStatus) -> &'static str {
    match status {
        ClockStatus::Unknown => "UNKNOWN",
        ClockStatus::Synchronized => "SYNCHRONIZED",
        ClockStatus::FreeRunning => "FREE_RUNNING",
        ClockStatus::Disrupted => "DISRUPTED",
    }
}
