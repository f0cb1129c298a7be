//! `gongkai hosting SERVER`: instructions for a web server, on standard output.

use super::{Common, print, say};
use clap::{Args, ValueEnum};
use gongkai::config::Overlay;
use gongkai::diag::Words;
use gongkai::render::{Server, hosting};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// For which server 哪种服务器
    #[arg(value_enum)]
    server: Name,
    /// Where the portal lies on the server 门户在服务器上的目录
    #[arg(long, value_name = "DIR", default_value = "/srv/gongkai/public")]
    folder: String,
    /// Where the portal will stand; its path decides what is written 门户网址
    #[arg(short = 'u', long, value_name = "URL")]
    base_url: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Name {
    Nginx,
    Apache,
    Caddy,
    Htaccess,
    Iis,
    Headers,
    Rsync,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let site = match common.open(Overlay { base_url: self.base_url, ..Overlay::default() }, false, false) {
            Ok(site) => site,
            Err(code) => return code,
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '~' | '%' | '-');
        if !site.config.base_path().chars().all(plain) {
            say(common.words(
                "错误：base_url 的路径里有服务器配置不能写的字符",
                "error: the path of base_url holds signs that cannot stand in a server's configuration",
            ));
            return 2;
        }
        if self.folder.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '{' | '}' | '$' | '\\')) {
            say(common.words("错误：--folder 里有服务器配置不能写的字符", "error: --folder holds signs that cannot stand in a server's configuration"));
            return 2;
        }
        let server = match self.server {
            Name::Nginx => Server::Nginx,
            Name::Apache => Server::Apache,
            Name::Caddy => Server::Caddy,
            Name::Htaccess => Server::Htaccess,
            Name::Iis => Server::Iis,
            Name::Headers => Server::Headers,
            Name::Rsync => Server::Rsync,
        };
        if site.config.hsts && server != Server::Rsync {
            common.tell(&Words::new(
                "注意：[publish] hsts = true 会让浏览器一年内只用 HTTPS 访问这个域名，撤不回来。证书必须一直有效。",
                "Note: [publish] hsts = true makes browsers insist on HTTPS for this host for a year; it cannot be taken back. The certificate has to stay valid.",
            ));
        }
        print(&hosting(server, &site.config, &self.folder));
        0
    }
}
