//! What Linux offers to hold a process back: Landlock and seccomp.

use std::collections::BTreeMap;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr as _, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use rustix::thread::set_no_new_privs;
use seccompiler::SeccompCmpArgLen::Dword;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule};

use super::Walls;

/// The newest interface of Landlock that is asked for; an older kernel gives what it has.
const LANDLOCK: ABI = ABI::V6;

/// Hides the memory of this process from its peers, and takes every file and
/// port from it.
pub(super) fn enter(walls: &mut Walls) {
    // Neither fails on a kernel that ninety runs on, and nothing better could be done.
    let _ = set_no_new_privs(true);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(LANDLOCK))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(LANDLOCK)))
        .and_then(|rules| rules.scope(Scope::from_all(LANDLOCK)))
        .and_then(|rules| rules.create())
        .and_then(|rules| rules.restrict_self());
    if let Ok(status) = restricted
        && status.ruleset != RulesetStatus::NotEnforced
        && let LandlockStatus::Available { effective_abi, .. } = status.landlock
    {
        walls.landlock = Some(effective_abi as u32);
        walls.no_tcp = effective_abi >= ABI::V4;
    }
}

/// Lets only the listed system calls through; every other one fails with `EPERM`.
/// Whether that holds now.
pub(super) fn filter() -> bool {
    program().is_ok_and(|program| seccompiler::apply_filter(&program).is_ok())
}

fn program() -> Result<BpfProgram, seccompiler::BackendError> {
    let rules = allowed()?;
    let arch = std::env::consts::ARCH.try_into()?;
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    SeccompFilter::new(rules, refused, SeccompAction::Allow, arch)?.try_into()
}

/// System calls that reading a message needs: its pipes, memory, locks, the
/// clock, random numbers, and an orderly or disorderly end.
const ALLOWED: [libc::c_long; 23] = [
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_ppoll,
    libc::SYS_close,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let whole = ALLOWED.iter().map(|&call| (call, Vec::new()));
    let when = |argument, operator, value| {
        SeccompRule::new(vec![SeccompCondition::new(argument, Dword, operator, value)?])
    };
    let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
    let own = u64::from(std::process::id());
    let cpu = u64::from(libc::RLIMIT_CPU);
    let partly = [
        // Memory, but no new code in it.
        (libc::SYS_mmap, when(2, MaskedEq(executable), 0)?),
        (libc::SYS_mprotect, when(2, MaskedEq(executable), 0)?),
        // An abort is a signal to oneself.
        (libc::SYS_tgkill, when(0, Eq, own)?),
        // Its own time, and nobody else's limits.
        (
            libc::SYS_prlimit64,
            SeccompRule::new(vec![
                SeccompCondition::new(0, Dword, Eq, 0)?,
                SeccompCondition::new(1, Dword, Eq, cpu)?,
            ])?,
        ),
    ];
    Ok(whole.chain(partly.map(|(call, rule)| (call, vec![rule]))).collect())
}
