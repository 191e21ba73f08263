//! Seeing that another process wrote into the store, without asking all the time.

#[cfg(target_os = "linux")]
pub use linux::Watch;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::Watch;

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::path::Path;
    use std::time::Duration;

    use rustix::fs::inotify::{self, CreateFlags, WatchFlags};

    /// inotify on the store's directory: no wake-up while nobody writes.
    #[derive(Debug)]
    pub struct Watch(Option<OwnedFd>);

    impl Watch {
        /// Begins to watch `directory`.
        pub fn on(directory: &Path) -> Self {
            Self(open(directory).ok())
        }

        /// What becomes readable when a file changed; `None` where it cannot be watched.
        pub fn wake(&self) -> Option<BorrowedFd<'_>> {
            self.0.as_ref().map(|fd| fd.as_fd())
        }

        /// How often to ask the store instead.
        pub fn pace(&self) -> Option<Duration> {
            // Where the system has no watch left for us.
            self.0.is_none().then_some(Duration::from_secs(1))
        }
    }

    fn open(directory: &Path) -> io::Result<OwnedFd> {
        let fd = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let changes = WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO;
        inotify::add_watch(&fd, directory, changes)?;
        Ok(fd)
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::os::fd::BorrowedFd;
    use std::path::Path;
    use std::time::Duration;

    /// Asks once a second.
    #[derive(Debug)]
    pub struct Watch;

    impl Watch {
        /// Begins to watch `directory`.
        pub fn on(_directory: &Path) -> Self {
            Self
        }

        /// There is nothing to wait for.
        pub fn wake(&self) -> Option<BorrowedFd<'_>> {
            None
        }

        /// How often to ask the store.
        pub fn pace(&self) -> Option<Duration> {
            Some(Duration::from_secs(1))
        }
    }
}
