//! `tools/bootstrap.sh` on machines that lack something, each made of a directory of stubs that is the whole
//! PATH: what it installs, with which rights, and what it says when it cannot.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A machine: its PATH holds the few ordinary utilities the script uses, and the stubs put there.
struct Machine {
    dir: TempDir,
}

impl Machine {
    /// A machine with everything but the tools named, whose user has the id `user`.
    fn without(missing: &[&str], user: u32) -> Machine {
        let machine = Machine { dir: TempDir::new().expect("a temporary directory") };
        fs::create_dir(machine.path()).expect("the stub directory");
        for utility in ["sh", "dirname", "sed", "tail", "mkdir", "rm"] {
            symlink(real(utility), machine.path().join(utility)).expect("a link to a utility");
        }
        machine.stub("id", &format!("echo {user}"));
        machine.stub("uname", "echo Linux");
        machine.stub("cargo", "echo 'cargo 1.95.0 (0000000 2026-01-01)'");
        for tool in ["cc", "make", "m4"].into_iter().filter(|t| !missing.contains(t)) {
            machine.stub(tool, "exit 0");
        }
        machine
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("bin")
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    fn stub(&self, name: &str, body: &str) -> &Machine {
        let file = self.path().join(name);
        fs::write(&file, format!("#!/bin/sh\n{body}\n")).expect("a stub");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("an executable stub");
        self
    }

    /// A package manager that records its calls and, when asked to install, makes `m4` appear.
    fn package_manager(&self, name: &str) -> &Machine {
        let (log, m4) = (self.log(), self.path().join("m4"));
        let m4 = m4.display();
        self.stub(
            name,
            &format!(
                "echo \"{name} $*\" >> {}\ncase \"$*\" in *m4*) echo '#!/bin/sh' > {m4}; /bin/chmod 755 {m4};; esac",
                log.display()
            ),
        )
    }

    /// A sudo that records its calls and runs them.
    fn sudo(&self) -> &Machine {
        self.stub("sudo", &format!("echo \"sudo $*\" >> {}\nexec \"$@\"", self.log().display()))
    }

    fn bootstrap(&self, arguments: &[&str]) -> Run {
        self.run("tools/bootstrap.sh", arguments)
    }

    fn run(&self, script: &str, arguments: &[&str]) -> Run {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
        let output = Command::new("/bin/sh")
            .arg(script)
            .args(arguments)
            .env_clear()
            .env("PATH", self.path())
            .env("HOME", self.dir.path())
            .output()
            .expect("sh runs");
        Run { output, calls: fs::read_to_string(self.log()).unwrap_or_default() }
    }
}

struct Run {
    output: Output,
    calls: String,
}

impl Run {
    fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    #[track_caller]
    fn fails_saying(&self, parts: &[&str]) {
        assert_eq!(self.output.status.code(), Some(1), "{}", self.stderr());
        for part in parts {
            assert!(self.stderr().contains(part), "no `{part}` in\n{}", self.stderr());
        }
    }
}

fn real(utility: &str) -> PathBuf {
    ["/bin", "/usr/bin"]
        .into_iter()
        .map(|d| Path::new(d).join(utility))
        .find(|p| p.exists())
        .unwrap_or_else(|| panic!("this machine has no {utility}"))
}

const APT_INSTALL: &str = "apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends m4";

#[test]
fn a_machine_that_has_everything_is_left_alone_in_silence() {
    let machine = Machine::without(&[], 1000);
    let run = machine.package_manager("apt-get").sudo().bootstrap(&[]);
    assert_eq!(run.output.status.code(), Some(0), "{}", run.stderr());
    assert_eq!((run.stderr().as_str(), run.calls.as_str()), ("", ""));
}

#[test]
fn root_installs_what_is_missing_without_sudo_after_saying_what_and_why() {
    let machine = Machine::without(&["m4"], 0);
    let run = machine.package_manager("apt-get").sudo().bootstrap(&[]);
    assert_eq!(run.output.status.code(), Some(0), "{}", run.stderr());
    assert_eq!(run.calls, format!("apt-get update -q\n{APT_INSTALL}\n"));
    let expected = format!(
        "proofread: needs m4: the build of GMP, the exact arithmetic underneath, expands its assembly with it\n\
         proofread: installing with: {APT_INSTALL}\n"
    );
    assert_eq!(run.stderr(), expected);
}

#[test]
fn a_user_installs_what_is_missing_with_sudo() {
    let machine = Machine::without(&["m4"], 1000);
    let run = machine.package_manager("apt-get").sudo().bootstrap(&[]);
    assert_eq!(run.output.status.code(), Some(0), "{}", run.stderr());
    let expected = format!("sudo apt-get update -q\napt-get update -q\nsudo {APT_INSTALL}\n{APT_INSTALL}\n");
    assert_eq!(run.calls, expected);
}

#[test]
fn a_user_without_sudo_is_told_the_command_for_root() {
    let machine = Machine::without(&["m4"], 1000);
    let run = machine.package_manager("apt-get").bootstrap(&[]);
    run.fails_saying(&[
        "rights of root",
        &format!("run this as root, then this command again: {APT_INSTALL}"),
    ]);
    assert_eq!(run.calls, "");
}

#[test]
fn a_machine_without_a_package_manager_is_told_what_to_install() {
    let run = Machine::without(&["m4"], 0).bootstrap(&[]);
    run.fails_saying(&["cannot install: m4", "install m4 by hand"]);
}

#[test]
fn an_installation_that_fails_ends_with_the_command_to_run_by_hand() {
    let machine = Machine::without(&["m4"], 1000);
    machine.stub("apt-get", "echo 'E: Unable to fetch some archives' >&2; exit 100");
    let run = machine.sudo().bootstrap(&[]);
    run.fails_saying(&[
        "E: Unable to fetch some archives",
        "still missing after the installation: m4",
        &format!("run this by hand, then this command again: sudo {APT_INSTALL}"),
    ]);
}

#[test]
fn package_lists_that_cannot_be_refreshed_do_not_stop_the_installation() {
    let machine = Machine::without(&["m4"], 0);
    let m4 = machine.path().join("m4");
    let m4 = m4.display();
    machine.stub(
        "apt-get",
        &format!("case \"$*\" in update*) exit 100;; *) echo '#!/bin/sh' > {m4}; /bin/chmod 755 {m4};; esac"),
    );
    let run = machine.bootstrap(&[]);
    assert_eq!(run.output.status.code(), Some(0), "{}", run.stderr());
    assert!(run.stderr().contains("the package lists could not be refreshed"), "{}", run.stderr());
}

#[test]
fn each_package_manager_is_called_in_its_own_way() {
    for (manager, expected) in [
        ("dnf", "dnf install -y m4"),
        ("pacman", "pacman -Sy --needed --noconfirm m4"),
        ("apk", "apk add m4"),
        ("zypper", "zypper --non-interactive install m4"),
        ("brew", "brew install m4"),
    ] {
        let machine = Machine::without(&["m4"], 0);
        let run = machine.package_manager(manager).bootstrap(&[]);
        assert_eq!(run.output.status.code(), Some(0), "{manager}: {}", run.stderr());
        assert_eq!(run.calls.trim_end(), expected);
    }
}

#[test]
fn brew_is_never_run_with_sudo() {
    let machine = Machine::without(&["m4"], 501);
    let run = machine.package_manager("brew").sudo().bootstrap(&[]);
    assert_eq!(run.calls, "brew install m4\n");
}

#[test]
fn a_cargo_that_is_too_old_is_named_with_the_version_needed() {
    let machine = Machine::without(&[], 0);
    machine.stub("cargo", "echo 'cargo 1.94.1 (0000000 2025-01-01)'");
    machine.bootstrap(&[]).fails_saying(&["cargo is 1.94.1, and 1.95 or later", "rustup update stable"]);
    machine.stub("cargo", "echo 'cargo 2.0.0-nightly (0000000 2030-01-01)'");
    assert_eq!(machine.bootstrap(&[]).output.status.code(), Some(0));
}

#[test]
fn a_missing_cargo_is_told_from_one_that_is_not_on_the_path() {
    let machine = Machine::without(&[], 0);
    fs::remove_file(machine.path().join("cargo")).expect("the stub");
    machine.bootstrap(&[]).fails_saying(&["no cargo", "https://rustup.rs"]);
    let bin = machine.dir.path().join(".cargo/bin");
    fs::create_dir_all(&bin).expect("a directory");
    symlink(machine.path().join("id"), bin.join("cargo")).expect("a link");
    machine.bootstrap(&[]).fails_saying(&["cargo is installed but not on the PATH", ".cargo/env"]);
}

#[test]
fn the_command_given_runs_with_its_arguments_and_its_exit_code() {
    let machine = Machine::without(&[], 0);
    let run = machine.bootstrap(&["sh", "-c", "echo \"$1\"; exit 7", "x", "a b"]);
    assert_eq!(run.output.status.code(), Some(7));
    assert_eq!(String::from_utf8_lossy(&run.output.stdout), "a b\n");
}

#[test]
fn the_command_given_does_not_run_when_something_stays_missing() {
    let run = Machine::without(&["m4"], 0).bootstrap(&["sh", "-c", "echo ran"]);
    run.fails_saying(&["cannot install"]);
    assert_eq!(run.output.stdout, b"");
}

#[test]
fn an_audit_succeeds_with_findings_and_fails_on_wrong_input() {
    for (exit, expected) in [(0, 0), (1, 0), (2, 2), (101, 101)] {
        let machine = Machine::without(&[], 0);
        machine.stub("program", &format!("echo \"$*\"; exit {exit}"));
        let program = machine.path().join("program");
        let message = format!(r#"{{"reason":"compiler-artifact","executable":"{}"}}"#, program.display());
        machine.stub("cargo", &format!("echo '{message}'; echo '{{\"executable\":null}}'"));
        let run = machine.run("tools/audit.sh", &["--seed", "3"]);
        assert_eq!(run.output.status.code(), Some(expected), "{}", run.stderr());
        assert_eq!(String::from_utf8_lossy(&run.output.stdout), "check --seed 3\n");
    }
}

#[test]
fn an_audit_whose_build_fails_fails() {
    let machine = Machine::without(&[], 0);
    machine.stub("cargo", "exit 101");
    assert_eq!(machine.run("tools/audit.sh", &[]).output.status.code(), Some(101));
}

#[test]
fn tests_begin_with_the_suites_of_the_libraries_in_c_and_end_where_these_fail() {
    let machine = Machine::without(&[], 0);
    let suites = "build --locked --package arithmetic-suites";
    machine.stub("cargo", "echo \"$*\"");
    let run = machine.run("tools/test.sh", &["--no-fail-fast"]);
    assert_eq!(
        String::from_utf8_lossy(&run.output.stdout),
        format!("{suites}\ntest --locked --no-fail-fast\n")
    );
    machine.stub("cargo", "echo \"$*\"; case $1 in build) exit 101;; esac");
    let run = machine.run("tools/test.sh", &[]);
    assert_eq!(run.output.status.code(), Some(101));
    assert_eq!(String::from_utf8_lossy(&run.output.stdout), format!("{suites}\n"));
}
