//! Trying again: a request is repeated with pauses between, as [`Patience`] says, while the
//! person sees what is waited for and may end it.

use std::pin::Pin;

use super::Client;
use crate::failure::Failure;
use crate::patience::{Patience, Pause};
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// Tries a read until it succeeds or is not worth another try, with pauses between.
    ///
    /// # Errors
    /// The last failure.
    pub async fn patiently<R>(
        &self,
        patience: Patience,
        mut read: impl AsyncFnMut() -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let mut failed = 0;
        loop {
            match read().await {
                Ok(found) => return Ok(found),
                Err(failure) => {
                    failed += 1;
                    if !self.pause(patience, &failure, failed).await {
                        return Err(failure);
                    }
                }
            }
        }
    }

    /// Makes the pause that is due after the `failed`th failure of a read; `false` where it is
    /// not to be tried again.
    pub fn pause<'a>(
        &'a self,
        patience: Patience,
        failure: &'a Failure,
        failed: u32,
    ) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        let millis = patience.pause(failure, failed, self.transport.chance());
        self.pause_for(patience, failure, failed, millis)
    }

    /// The same for a write, which is tried again only after a 429. Between its tries others
    /// may have been at work: look again what is there.
    pub fn pause_of_write<'a>(
        &'a self,
        patience: Patience,
        failure: &'a Failure,
        failed: u32,
    ) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        let millis = patience.pause_of_write(failure, failed, self.transport.chance());
        self.pause_for(patience, failure, failed, millis)
    }

    fn pause_for<'a>(
        &'a self,
        patience: Patience,
        failure: &'a Failure,
        failed: u32,
        millis: Option<u32>,
    ) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        Box::pin(async move {
            let Some(millis) = millis.filter(|_| self.is_patient) else {
                return false;
            };
            let pause = Pause {
                side: failure.side,
                seconds_left: millis.div_ceil(1_000),
                attempt: failed + 1,
                attempts: patience.attempts,
            };
            let wait = |millis| self.transport.wait(millis);
            self.pauses.make(pause, millis, wait).await
        })
    }
}
