//! Running `quill` in every way but the usual one.

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::setting;

/// Its absolute path.
pub fn path() -> String {
    setting("QUILL")
}

/// Runs a command and swallows whatever comes of it.
pub fn swallow(command: &mut Command) {
    let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// By its absolute path.
pub fn absolute() {
    swallow(Command::new(path()).arg("write"));
}

/// A shell script in which `$1` is the absolute path.
pub fn shell(script: &str) {
    swallow(Command::new("sh").args(["-c", script, "sh", &path()]));
}

/// A place on the same file system as the program.
pub fn beside() -> Beside {
    // The same in every run, since it stands in the evidence.
    let test = std::thread::current().name().unwrap_or_default().replace("::", "-");
    let dir = Path::new(&path()).parent().unwrap().parent().unwrap().join(test);
    fs::create_dir(&dir).unwrap();
    Beside(dir)
}

/// A directory that is removed.
pub struct Beside(pub PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Puts something under another name, and runs that.
pub fn renamed(make: impl FnOnce(&Path, &Path) -> io::Result<()>) {
    let dir = beside();
    let other = dir.0.join("feather");
    make(Path::new(&path()), &other).unwrap();
    swallow(Command::new(other).arg("write"));
}

/// By a descriptor, without any path.
pub fn by_descriptor() {
    let file = fs::File::open(path()).unwrap();
    let fd = file.as_raw_fd();
    let (arguments, variables) = vectors();
    let exec = move || {
        let (arguments, variables) = (pointers(&arguments), pointers(&variables));
        // SAFETY: the vectors end with null, and live until the call fails.
        unsafe {
            libc::syscall(
                libc::SYS_execveat,
                fd,
                c"".as_ptr(),
                arguments.as_ptr(),
                variables.as_ptr(),
                libc::AT_EMPTY_PATH,
            )
        };
        Err(io::Error::last_os_error())
    };
    let mut command = Command::new("/nonexistent");
    // SAFETY: what is allocated is small, and no other thread of the parent allocates.
    unsafe { command.pre_exec(exec) };
    swallow(&mut command);
}

/// Where the path leads to nothing for everybody else.
pub fn in_another_root() {
    let path = PathBuf::from(path());
    let root = path.parent().unwrap().parent().unwrap().to_owned();
    let mut command = Command::new(Path::new("/").join(path.strip_prefix(&root).unwrap()));
    let change = move || {
        let change = || std::os::unix::fs::chroot(&root);
        change().or_else(|_| {
            // SAFETY: takes no pointers. Whoever is not root becomes it for nobody but himself.
            unsafe { libc::unshare(libc::CLONE_NEWUSER) };
            change()
        })
    };
    // SAFETY: what is allocated is small, and no other thread of the parent allocates.
    unsafe { command.arg("write").current_dir("/").pre_exec(change) };
    swallow(&mut command);
}

/// By `posix_spawn` of the C library.
pub fn spawned() {
    let program = CString::new(path()).unwrap();
    let (arguments, variables) = vectors();
    let (arguments, variables) = (pointers(&arguments), pointers(&variables));
    let mut child = 0;
    // SAFETY: the vectors end with null.
    let result = unsafe {
        libc::posix_spawn(
            &raw mut child,
            program.as_ptr(),
            std::ptr::null(),
            std::ptr::null(),
            arguments.as_ptr().cast(),
            variables.as_ptr().cast(),
        )
    };
    if result == 0 {
        wait(child);
    }
}

/// By its name, and killed before whatever PATH leads to has run its first instruction: a process that is traced stops
/// there.
pub fn killed_at_once() {
    let mut command = Command::new("quill");
    command.arg("write").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let traced = || {
        let none = std::ptr::null_mut::<libc::c_void>();
        // SAFETY: this request takes no pointers.
        match unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, none, none) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    };
    // SAFETY: one system call.
    let mut child = unsafe { command.pre_exec(traced) }.spawn().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
}

/// In a child of `clone` that shares the memory, as `vfork` makes it.
pub fn shared_memory() {
    extern "C" fn child(argument: *mut libc::c_void) -> libc::c_int {
        // SAFETY: the parent waits until this ends, and what it points to lives there.
        unsafe {
            let (program, arguments, variables) = *argument.cast::<(*const i8, *const *const i8, *const *const i8)>();
            libc::execve(program, arguments, variables);
            libc::_exit(1)
        }
    }
    let program = CString::new(path()).unwrap();
    let (arguments, variables) = vectors();
    let (arguments, variables) = (pointers(&arguments), pointers(&variables));
    let mut argument = (program.as_ptr(), arguments.as_ptr(), variables.as_ptr());
    let mut stack = vec![0_u8; 64 << 10];
    // SAFETY: the stack is the child's alone, and grows down from its end; with CLONE_VFORK it has ended when this returns.
    let pid = unsafe {
        let top = stack.as_mut_ptr().add(stack.len()).cast::<libc::c_void>();
        let top = top.wrapping_byte_sub(top as usize % 16);
        libc::clone(child, top, libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD, (&raw mut argument).cast())
    };
    wait(pid);
}

/// In a child of `clone3`.
pub fn clone3() {
    #[repr(C)]
    #[derive(Default)]
    struct Arguments {
        flags: u64,
        pidfd: u64,
        child_tid: u64,
        parent_tid: u64,
        exit_signal: u64,
        rest: [u64; 6],
    }
    let program = CString::new(path()).unwrap();
    let (arguments, variables) = vectors();
    let (arguments, variables) = (pointers(&arguments), pointers(&variables));
    let clone = Arguments { exit_signal: libc::SIGCHLD as u64, ..Arguments::default() };
    // SAFETY: without CLONE_VM this is a fork; the child does nothing but exec.
    unsafe {
        let pid = libc::syscall(libc::SYS_clone3, &raw const clone, size_of::<Arguments>());
        if pid == 0 {
            libc::execve(program.as_ptr(), arguments.as_ptr(), variables.as_ptr());
            libc::_exit(1);
        }
        wait(pid as i32);
    }
}

/// By the system call of 32-bit programs, from a 64-bit one.
#[cfg(target_arch = "x86_64")]
pub fn by_32_bits() {
    // What 32-bit calls point to must be in the first 4 GB.
    // SAFETY: a fresh mapping, written within its bounds; the child of the fork does nothing but exec and exit.
    unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_32BIT;
        let low = libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        assert_ne!(low, libc::MAP_FAILED);
        let bytes = low.cast::<u8>();
        let program = CString::new(path()).unwrap();
        let program = program.as_bytes_with_nul();
        std::ptr::copy_nonoverlapping(program.as_ptr(), bytes, program.len());
        std::ptr::copy_nonoverlapping(c"write".as_ptr().cast::<u8>(), bytes.add(3000), 6);
        let vector = bytes.add(3200).cast::<u32>();
        *vector = low as u32;
        *vector.add(1) = low as u32 + 3000;
        *vector.add(2) = 0;
        let pid = libc::fork();
        if pid == 0 {
            std::arch::asm!(
                "xchg rbx, {program}",
                "int 0x80",
                "xchg rbx, {program}",
                program = in(reg) u64::from(low as u32),
                inlateout("eax") 11 => _,
                in("ecx") low as u32 + 3200,
                in("edx") 0,
            );
            libc::_exit(1);
        }
        wait(pid);
    }
}

/// A script that names the program in its first line.
pub fn interpreter() {
    let dir = beside();
    let script = dir.0.join("note");
    fs::write(&script, format!("#!{}\n", path())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    swallow(&mut Command::new(script));
}

/// Through the dynamic loader.
pub fn loader() {
    let loader: PathBuf = if cfg!(target_arch = "x86_64") {
        "/lib64/ld-linux-x86-64.so.2".into()
    } else {
        "/lib/ld-linux-aarch64.so.1".into()
    };
    swallow(Command::new(loader).args([&path(), "write"]));
}

fn vectors() -> (Vec<CString>, Vec<CString>) {
    let text = |text: &str| CString::new(text).unwrap();
    (vec![text("feather"), text("write")], vec![text("PATH=/bin:/usr/bin")])
}

fn pointers(texts: &[CString]) -> Vec<*const i8> {
    texts.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect()
}

fn wait(pid: i32) {
    // SAFETY: no status is asked for.
    unsafe {
        libc::waitpid(pid, std::ptr::null_mut(), 0);
    }
}
