//! Rebuilds when a source changes. Only inputs are watched, so that writing the portal wakes nobody.

use super::ServeError;
use crate::driver::Setup;
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use std::time::Duration;

/// Quiet time after the last change before a build starts.
const QUIET: Duration = Duration::from_millis(150);

/// Folders of a site that are inputs.
const FOLDERS: [&str; 6] = ["content", "templates", "static", "i18n", "themes", "forms"];

/// Files beside them.
const FILES: [&str; 2] = ["config.toml", "indicators.toml"];

/// Calls `build` after changes for as long as the result lives.
pub(super) fn watch(setup: &Setup, build: impl Fn() + Send + 'static) -> Result<Debouncer<RecommendedWatcher, RecommendedCache>, ServeError> {
    let failed = |error: notify_debouncer_full::notify::Error| ServeError::Watch(error.to_string());
    let root = setup.root.canonicalize().map_err(|error| ServeError::Watch(error.to_string()))?;
    let config = setup.config.as_ref().and_then(|path| path.canonicalize().ok());
    let (inputs, named) = (root.clone(), config.clone());
    let concerns = move |path: &std::path::Path| {
        let inside = path.strip_prefix(&inputs).ok();
        let first = inside.and_then(|path| path.components().next()).map(|part| part.as_os_str().to_string_lossy().into_owned());
        first.is_some_and(|first| FOLDERS.contains(&first.as_str()) || FILES.contains(&first.as_str())) || named.as_deref() == Some(path)
    };
    let changed = move |result: DebounceEventResult| {
        let events = result.unwrap_or_default();
        let touched = events.iter().filter(|event| !matches!(event.kind, EventKind::Access(_))).flat_map(|event| &event.paths);
        if touched.into_iter().any(|path| concerns(path)) {
            build();
        }
    };
    let mut debouncer = new_debouncer(QUIET, None, changed).map_err(failed)?;
    // The root itself is watched flat, for files that come and go in it; inputs below it as a whole.
    debouncer.watch(&root, RecursiveMode::NonRecursive).map_err(failed)?;
    for folder in FOLDERS.iter().map(|name| root.join(name)).filter(|folder| folder.is_dir()) {
        debouncer.watch(&folder, RecursiveMode::Recursive).map_err(failed)?;
    }
    if let Some(parent) = config.as_deref().and_then(std::path::Path::parent).filter(|parent| *parent != root) {
        debouncer.watch(parent, RecursiveMode::NonRecursive).map_err(failed)?;
    }
    Ok(debouncer)
}
