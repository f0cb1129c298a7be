//! `gongkai serve`

use super::{Common, say};
use clap::Args;
use gongkai::config::Overlay;
use gongkai::diag::Words;
use gongkai::driver::{Failure, Preview};
use gongkai::serve::{self, Options, ServeError};
use std::net::IpAddr;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Port 端口
    #[arg(short, long, default_value_t = 1111)]
    port: u16,
    /// Loopback address to listen on 本机地址
    #[arg(short, long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    interface: IpAddr,
    /// Open a browser 打开浏览器
    #[arg(short = 'O', long)]
    open: bool,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let setup = match common.setup(Overlay::default(), false, false) {
            Ok(setup) => setup,
            Err(code) => return code,
        };
        let options = Options { interface: self.interface, port: self.port, language: common.language() };
        let opens = self.open;
        let started = |address: std::net::SocketAddr| {
            let url = format!("http://{address}/");
            common.tell(&Words::new(
                format!("预览在 {url}，改动后自动刷新。按 Ctrl+C 结束。"),
                format!("Preview at {url}, reloading on changes. Ctrl+C ends it."),
            ));
            if opens && let Err(error) = open::that(&url) {
                say(&format!("{url}: {error}"));
            }
        };
        let told = common.clone();
        let rebuilt = move |result: &Result<Preview, Failure>| match result {
            Ok(preview) => {
                told.findings(&preview.examined.findings);
                let pages = preview.examined.plan.page_count();
                if preview.files.is_some() {
                    told.tell(&Words::new(format!("已生成 {pages} 页。"), format!("Built {pages} pages.")));
                } else {
                    told.tell(&Words::new("有错误，仍显示上一次的页面。", "There are errors; the last good pages are shown."));
                }
            }
            Err(failure) => {
                told.failed(failure);
            }
        };
        match serve::serve(&setup, &options, started, rebuilt) {
            Ok(()) => 0,
            Err(error) => {
                say(words(&error).in_language(common.language()));
                if matches!(error, ServeError::NotLoopback(_)) { 2 } else { 3 }
            }
        }
    }
}

fn words(error: &ServeError) -> Words {
    match error {
        ServeError::NotLoopback(address) => Words::new(
            format!("{address} 不是本机地址。预览只供本机查看，请用 127.0.0.1。"),
            format!("{address} is no loopback address. The preview is for this machine only: use 127.0.0.1."),
        ),
        ServeError::Listen { address, cause } => {
            Words::new(format!("{address} 不能使用：{cause}。请换一个端口，如 -p 1112。"), format!("{address}: {cause}. Choose another port, such as -p 1112."))
        }
        ServeError::Watch(cause) => Words::new(format!("不能监视文件改动：{cause}"), format!("changes cannot be watched: {cause}")),
    }
}
