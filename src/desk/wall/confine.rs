//! What a process gives up before it reads foreign mail: memory without end,
//! other processes, files, the network, all but a few system calls. Where the
//! kernel does not offer one of these, the others hold; [`Walls`] says which do.

#[cfg(target_os = "linux")]
#[path = "kernel.rs"]
mod kernel;

use std::fmt;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

/// What holds a reader back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Walls {
    /// Bytes of address space that it has.
    pub memory: Option<u64>,
    /// Version of Landlock's interface that keeps it from all files.
    pub landlock: Option<u32>,
    /// Whether Landlock keeps it from TCP.
    pub no_tcp: bool,
    /// Whether only listed system calls reach the kernel: no file is opened, no
    /// socket or process made.
    pub filtered: bool,
}

impl fmt::Display for Walls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("own process")?;
        match self.memory {
            Some(bytes) => write!(f, ", {} MiB", bytes >> 20)?,
            None => f.write_str(", memory not limited")?,
        }
        match (self.landlock, self.filtered) {
            (Some(version), _) => write!(f, ", no files (Landlock ABI {version})")?,
            (None, true) => f.write_str(", no files")?,
            (None, false) => f.write_str(", files not kept from it")?,
        }
        f.write_str(match (self.filtered, self.no_tcp) {
            (true, _) => ", no network, system calls filtered",
            (false, true) => ", no TCP, system calls not filtered",
            (false, false) => ", network not kept from it, system calls not filtered",
        })
    }
}

/// Confines this process for good. Its open files stay as they are.
pub(super) fn enter(memory: u64) -> Walls {
    let limited = limit(Resource::As, memory);
    for resource in [Resource::Core, Resource::Fsize, Resource::Nproc, Resource::Memlock] {
        limit(resource, 0);
    }
    let mut walls = Walls { memory: limited.then_some(memory), ..Walls::default() };
    #[cfg(target_os = "linux")]
    kernel::enter(&mut walls);
    // Landlock is spoken to through a descriptor, so this comes last.
    limit(Resource::Nofile, 0);
    #[cfg(target_os = "linux")]
    {
        walls.filtered = kernel::filter();
    }
    walls
}

fn limit(resource: Resource, most: u64) -> bool {
    setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).is_ok()
}

/// Ends this process when it computes for longer than `most` from now on: for
/// the case that nobody is left to kill it.
pub(super) fn end_after(most: Duration) {
    #[cfg(target_os = "linux")]
    {
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime).tv_sec;
        let until = u64::try_from(used).unwrap_or_default() + most.as_secs() + 1;
        let maximum = rustix::process::getrlimit(Resource::Cpu).maximum;
        let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(until), maximum });
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    #[ignore = "confines its whole process: the test below runs it in one of its own"]
    fn inside() {
        let walls = enter(448 << 20);
        assert_eq!(walls.memory, Some(448 << 20));
        assert!(std::fs::read("/etc/passwd").is_err(), "a file was read");
        assert!(std::fs::metadata("/etc/passwd").is_err() || !walls.filtered, "a file was seen");
        assert!(std::fs::write("/tmp/ninety-confined", b"x").is_err(), "a file was written");
        assert!(std::net::TcpListener::bind("127.0.0.1:0").is_err(), "a socket was bound");
        assert!(std::net::UdpSocket::bind("127.0.0.1:0").is_err(), "a socket was bound");
        assert!(std::os::unix::net::UnixStream::pair().is_err(), "a socket was made");
        assert!(std::process::Command::new("/bin/true").status().is_err(), "a program was run");
        assert!(std::thread::Builder::new().spawn(|| ()).is_err(), "a thread was started");
        assert!(Vec::<u8>::new().try_reserve_exact(1 << 30).is_err(), "memory has no end");
        // What a reader does all the time must still be possible.
        let mut kept = vec![1_u8; 64 << 20];
        kept.resize(96 << 20, 2);
        drop(kept);
        assert!(std::panic::catch_unwind(|| panic!("as a library may")).is_err());
        end_after(Duration::from_secs(60));
        println!("confined: {walls}");
    }

    #[test]
    fn a_confined_process_reaches_nothing() {
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", "desk::wall::confine::tests::inside", "--ignored", "--nocapture"]);
        let output = again.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("confined: own process, 448 MiB"), "{said}");
    }
}
