//! The file of a log: one process at a time, whole lines at the end of it, on the disk before anything is said.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kaohe::code::Code;
use kaohe::ratings::{Event, LogReading, RatingRound, Sheets};
use kaohe_grammar::{Message, say};

use crate::commands::{ERRORS, Failure, USAGE};
use crate::language::Language;

/// How long another process is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes of a log that is read: more than all events there may be come to.
const LOG_BYTES: u64 = 4 << 30;
/// How often it is looked whether it is done.
const PAUSE: Duration = Duration::from_millis(10);

/// A log that this process alone has, until it is dropped.
pub(super) struct LogFile {
    file: File,
    path: PathBuf,
}

/// What a log is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Others may read it, too.
    Reading,
    /// It must be there.
    Writing,
    /// It is made when it is not there.
    Opening,
}

impl LogFile {
    /// Opens the log and has it alone, or with other readers.
    ///
    /// # Errors
    ///
    /// The file is not there or cannot be opened, or another process has it for longer than two seconds.
    pub(super) fn open(path: &Path, purpose: Purpose) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.read(true).write(purpose != Purpose::Reading);
        let made = match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && purpose == Purpose::Opening => {
                options.create(true).open(path).map(|file| (file, true))
            }
            other => other.map(|file| (file, false)),
        };
        let (file, is_new) = made.map_err(|error| cannot("opened", "打开", path, &error, USAGE))?;
        let log = Self { file, path: path.to_owned() };
        log.lock(purpose)?;
        if is_new {
            // a file whose name is lost with a crash is lost
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
            // some systems cannot do it for folders, and then do not need it
            drop(synced);
        }
        Ok(log)
    }

    fn lock(&self, purpose: Purpose) -> Result<(), Failure> {
        let since = Instant::now();
        loop {
            let tried = match purpose {
                Purpose::Reading => self.file.try_lock_shared(),
                Purpose::Writing | Purpose::Opening => self.file.try_lock(),
            };
            match tried {
                Ok(()) => return Ok(()),
                Err(TryLockError::Error(error)) => return Err(cannot("locked", "锁定", &self.path, &error, ERRORS)),
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    let path = self.path.display();
                    return Err(Failure::new(
                        None,
                        say!("another process is using the log `{path}`", "另一个进程正在使用日志 `{path}`"),
                        Some(say!("try again when it is done", "请等它结束后再试")),
                        ERRORS,
                    ));
                }
            }
        }
    }

    /// Reads the log. What was cut off is told on standard error.
    ///
    /// # Errors
    ///
    /// A line that cannot be read, or a log of another plan.
    pub(super) fn read(&mut self, sheets: Sheets, language: Language) -> Result<LogReading, Failure> {
        let path = self.path.display();
        let unreadable = |error: io::Error| cannot("read", "读取", &self.path, &error, ERRORS);
        if self.file.metadata().map_err(unreadable)?.len() > LOG_BYTES {
            let message = say!("the log `{path}` is too large", "日志 `{path}` 过大");
            return Err(Failure::new(Some(Code::TooMany.id().to_owned()), message, None, ERRORS));
        }
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes).map_err(unreadable)?;
        let of_file = |Message { en, zh }: Message| say!("`{path}`: {en}", "`{path}`：{zh}");
        let reading =
            RatingRound::from_json_lines(sheets, &bytes).map_err(|error| Failure::from(error).said(of_file))?;
        if let Some(note) = &reading.cut_off {
            let (code, message) = (note.code.id(), of_file(note.message.clone()));
            eprintln!("{} [{code}]", language.of(&message));
        }
        Ok(reading)
    }

    /// Writes events after what is sound of the log, and returns when they are on the disk.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn append(&mut self, reading: &LogReading, events: &[Event]) -> Result<(), Failure> {
        if events.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        if reading.lacks_end {
            text.push('\n');
        }
        text.extend(events.iter().map(Event::to_json_line));
        self.write(reading.sound_bytes, text.as_bytes())
            .map_err(|error| cannot("written", "写入", &self.path, &error, ERRORS))
    }

    fn write(&mut self, at: usize, bytes: &[u8]) -> io::Result<()> {
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        // what was cut off must not stand before a line that is whole
        if self.file.metadata()?.len() > at {
            self.file.set_len(at)?;
        }
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(bytes)?;
        self.file.flush()?;
        self.file.sync_all()
    }
}

fn cannot(en: &str, zh: &str, path: &Path, error: &io::Error, exit: u8) -> Failure {
    let path = path.display();
    if error.kind() == io::ErrorKind::NotFound {
        return Failure::new(
            None,
            say!("there is no log `{path}`", "没有日志 `{path}`"),
            Some(say!("open the round first: `kaohe round open`", "请先开放测评：`kaohe round open`")),
            exit,
        );
    }
    let message = say!("the log `{path}` could not be {en}: {error}", "日志 `{path}` 无法{zh}：{error}");
    Failure::new(None, message, None, exit)
}
