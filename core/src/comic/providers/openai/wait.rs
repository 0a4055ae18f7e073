//! Waiting for the network: stops when the person cancels, or when nothing has moved for too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::task::CancelToken;

/// How soon a cancel is noticed.
const TICK: Duration = Duration::from_millis(40);

/// Bytes that went each way. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Traffic(Arc<TrafficCounts>);

#[derive(Debug, Default)]
struct TrafficCounts {
    sent: AtomicU64,
    received: AtomicU64,
}

impl Traffic {
    pub(super) fn add_sent(&self, bytes: usize) {
        self.0.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn add_received(&self, bytes: usize) {
        self.0.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn sent(&self) -> u64 {
        self.0.sent.load(Ordering::Relaxed)
    }

    fn both(&self) -> u64 {
        self.sent() + self.0.received.load(Ordering::Relaxed)
    }
}

/// Why waiting ended without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// The person cancelled.
    Cancelled,
    /// Nothing moved for the idle time.
    Idle,
}

/// The limits of one drawing.
#[derive(Debug)]
pub(super) struct IdleTimeout<'a> {
    pub(super) cancel: &'a CancelToken,
    pub(super) idle: Duration,
    pub(super) traffic: Traffic,
}

impl IdleTimeout<'_> {
    /// The result of `future`, which is dropped (and with it its connection) if waiting stops. `tick` is called
    /// every 40 ms meanwhile.
    pub(super) async fn wait<T>(
        &self,
        future: impl Future<Output = T>,
        mut tick: impl FnMut(),
    ) -> Result<T, Stopped> {
        if self.cancel.is_cancelled() {
            return Err(Stopped::Cancelled);
        }
        let mut future = std::pin::pin!(future);
        let mut clock = interval(TICK);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut moved, mut since) = (self.traffic.both(), Instant::now());
        loop {
            tokio::select! {
                biased;
                _ = clock.tick() => {
                    if self.cancel.is_cancelled() {
                        return Err(Stopped::Cancelled);
                    }
                    tick();
                    let now = self.traffic.both();
                    if now != moved {
                        (moved, since) = (now, Instant::now());
                    } else if since.elapsed() >= self.idle {
                        return Err(Stopped::Idle);
                    }
                }
                value = &mut future => return Ok(value),
            }
        }
    }

    /// Sleeps, unless cancelled.
    pub(super) async fn sleep(&self, time: Duration) -> Result<(), Stopped> {
        let until = Instant::now() + time;
        loop {
            if self.cancel.is_cancelled() {
                return Err(Stopped::Cancelled);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            tokio::time::sleep(left.min(TICK)).await;
        }
    }
}
