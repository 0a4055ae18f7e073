//! The calls of the system that decoding needs none of: seccomp beside Landlock, which knows neither UDP nor UNIX sockets nor
//! signals, and is not in every kernel.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

/// Refused whatever their arguments are.
const REFUSED: &[c_long] = &[
    // Networks, and programs on this machine that listen: the keychain, the screen.
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    // Programs and other processes.
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_kcmp,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_tkill,
    libc::SYS_setpriority,
    // Memory and messages that processes share.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_semget,
    libc::SYS_msgget,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // Files, also what Landlock leaves: their rights, owners, times and attributes.
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_open_by_handle_at,
    libc::SYS_truncate,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_fchmodat,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    // Ways round a filter, and doors of the kernel that few need.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_chroot,
    libc::SYS_pivot_root,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
];
/// The older calls that only some machines have.
#[cfg(target_arch = "x86_64")]
const REFUSED_TOO: &[c_long] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_open,
    libc::SYS_creat,
    libc::SYS_unlink,
    libc::SYS_rmdir,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_mkdir,
    libc::SYS_mknod,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_TOO: &[c_long] = &[];

/// Has this process refuse them from now on, in all its threads. Returns whether it does: not every kernel has seccomp.
pub(super) fn leave() -> bool {
    [unknown(), refused()].into_iter().all(|filter| {
        filter
            .and_then(|filter| seccompiler::apply_filter_all_threads(&filter).map_err(Into::into))
            .inspect_err(|error| tracing::debug!(%error, "no seccomp"))
            .is_ok()
    })
}

/// `clone3` keeps its flags where no filter can see them. A system without it falls back to `clone`.
fn unknown() -> Result<BpfProgram, Box<dyn std::error::Error>> {
    filter(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)
}

fn refused() -> Result<BpfProgram, Box<dyn std::error::Error>> {
    let mut calls: BTreeMap<c_long, Vec<SeccompRule>> =
        REFUSED.iter().chain(REFUSED_TOO).map(|&call| (call, Vec::new())).collect();
    let rule = |place, compare, value| -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
        let condition = SeccompCondition::new(place, SeccompCmpArgLen::Dword, compare, value)?;
        Ok(vec![SeccompRule::new(vec![condition])?])
    };
    // Threads are needed, processes are not.
    let thread = u64::from(libc::CLONE_THREAD.cast_unsigned());
    calls.insert(libc::SYS_clone, rule(0, SeccompCmpOp::MaskedEq(thread), 0)?);
    // Signals to itself are how it aborts, and limits of its own how each file gets its budget.
    let own = u64::from(std::process::id());
    calls.insert(libc::SYS_kill, rule(0, SeccompCmpOp::Ne, own)?);
    calls.insert(libc::SYS_tgkill, rule(0, SeccompCmpOp::Ne, own)?);
    calls.insert(libc::SYS_prlimit64, rule(0, SeccompCmpOp::Ne, 0)?);
    filter(calls, libc::EPERM)
}

fn filter(
    calls: BTreeMap<c_long, Vec<SeccompRule>>,
    error: i32,
) -> Result<BpfProgram, Box<dyn std::error::Error>> {
    let refuse = SeccompAction::Errno(error.cast_unsigned());
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, refuse, std::env::consts::ARCH.try_into()?)?;
    Ok(filter.try_into()?)
}
