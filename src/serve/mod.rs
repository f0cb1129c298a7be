//! Preview: the last good build from memory, rebuilt when a source changes, its errors shown in the page.
//!
//! Only this machine is answered: loopback addresses, and a `Host` that names one, so that no foreign page can reach the
//! preview through a name of its own. What is served is a map of paths; no request touches the disk.

mod answer;
mod watch;

pub use answer::{Answer, Shown};

use crate::diag::{Language, Printer};
use crate::driver::{self, Failure, Memory, Preview, Setup, Site};
use answer::answer;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address to listen on; only loopback.
    pub interface: IpAddr,
    /// Port; 0 lets the system choose.
    pub port: u16,
    /// Language of the banner.
    pub language: Language,
}

/// Why the preview could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address would let other machines in.
    #[error("{0} is not a loopback address")]
    NotLoopback(IpAddr),
    /// The port is taken, or the system refused.
    #[error("{address}: {cause}")]
    Listen {
        /// Where we wanted to listen.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Changes cannot be watched.
    #[error("watching: {0}")]
    Watch(String),
}

/// Serves until the process ends. `started` hears the address once it answers; `rebuilt` hears of every build.
pub fn serve(
    setup: &Setup,
    options: &Options,
    started: impl FnOnce(SocketAddr),
    rebuilt: impl Fn(&Result<Preview, Failure>) + Send + Sync + 'static,
) -> Result<(), ServeError> {
    if !options.interface.is_loopback() {
        return Err(ServeError::NotLoopback(options.interface));
    }
    let wanted = SocketAddr::new(options.interface, options.port);
    let listener = std::net::TcpListener::bind(wanted).map_err(|cause| ServeError::Listen { address: wanted, cause })?;
    let failed = |cause| ServeError::Listen { address: wanted, cause };
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let mut setup = setup.clone();
    setup.overlay.base_url = Some(format!("http://{address}/"));
    let shown = Arc::new(RwLock::new(Shown::default()));
    let language = options.language;
    let build = {
        let (setup, shown) = (setup.clone(), Arc::clone(&shown));
        let memory = Mutex::new(Memory::default());
        move || {
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            let result = Site::open(setup.clone()).and_then(|mut site| {
                site.config.precompress = false;
                let files = shown.read().unwrap_or_else(PoisonError::into_inner).files.clone();
                driver::preview(&site, (files, memory.clone()), &|_, _, _| {})
            });
            if let Ok(preview) = &result {
                memory.clone_from(&preview.memory);
            }
            rebuilt(&result);
            let mut shown = shown.write().unwrap_or_else(PoisonError::into_inner);
            show(&mut shown, result, language);
        }
    };
    build();
    let _watching = watch::watch(&setup, build)?;
    started(address);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
        let app = Router::new().fallback(handle).with_state(shown);
        axum::serve(listener, app).await.map_err(failed)
    })
}

/// A good build takes the place of the last one; a bad one leaves it and puts its errors over it.
fn show(shown: &mut Shown, result: Result<Preview, Failure>, language: Language) {
    let printer = Printer::new(language, false);
    shown.version += 1;
    shown.error = match result {
        Ok(Preview { files: Some(files), .. }) => {
            shown.files = files;
            None
        }
        Ok(Preview { examined, .. }) => Some(examined.findings.iter().map(|finding| printer.print(finding)).collect::<Vec<_>>().join("\n")),
        Err(failure) => {
            let findings = match &failure {
                Failure::Setup(findings) | Failure::Pages(findings) => findings.clone(),
                _ => Vec::new(),
            };
            let mut text = failure.words().in_language(language).to_string();
            for finding in &findings {
                text.push('\n');
                text.push_str(&printer.print(finding));
            }
            Some(text)
        }
    };
}

async fn handle(State(shown): State<Arc<RwLock<Shown>>>, request: Request) -> Response<Body> {
    let hosts: Vec<&HeaderValue> = request.headers().get_all(header::HOST).iter().collect();
    let host = match hosts.as_slice() {
        [host] => host.to_str().ok(),
        _ => None,
    };
    // An absolute-form target names a host of its own.
    let authority = request.uri().authority().map(|authority| authority.as_str().to_string());
    let host = if authority.is_some() { authority.as_deref() } else { host };
    let made = {
        let shown = shown.read().unwrap_or_else(PoisonError::into_inner);
        answer(&shown, request.method().as_str(), host, request.uri().path())
    };
    let mut response = Response::new(Body::from(made.body));
    *response.status_mut() = StatusCode::from_u16(made.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, Some(made.media)),
        (header::LOCATION, made.location),
        (header::CACHE_CONTROL, Some("no-store".to_string())),
        (header::X_CONTENT_TYPE_OPTIONS, Some("nosniff".to_string())),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    response
}
