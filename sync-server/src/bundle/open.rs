//! A file becomes a volume: it is one of ours, of this county, of a log that is known, signed by that
//! log's key, and sealed to a key that is here. Anything else is left as it is and said in plain words.

use crate::app::App;
use crate::decide::Owner;
use crate::problem::Answer;
use crate::storage::enrolment::{self, Device};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use xunji_domain::ids::{BureauId, LogId};
use xunji_protocol::bundle::{BundleHeader, HeaderError, SignedHeader, read_header, unseal_key};
use xunji_protocol::keys::public_key;
use xunji_protocol::limits::MAX_BUNDLE_VOLUMES;
use xunji_protocol::steps::enrol::{CERTIFICATE_CONTEXT, Certificate};
use xunji_protocol::version;
use zeroize::Zeroizing;

/// A volume whose header holds.
#[derive(Clone)]
pub(super) struct Volume {
    /// Where it lies.
    pub path: PathBuf,
    /// Its header.
    pub signed: SignedHeader,
    /// The phone that wrote it.
    pub device: Device,
    /// The key of its frames.
    pub key: Zeroizing<[u8; 32]>,
}

/// Why a file is not taken. Nothing of it was read any further, and it is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Cannot be opened or read.
    Unreadable,
    /// Another kind of file.
    NotABundle,
    /// One of ours whose first lines are damaged.
    HeaderDamaged,
    /// Written by a newer program.
    Newer,
    /// Of another county.
    OtherCounty,
    /// Of a phone with this county's certificate whose log is not here: the server was restored.
    Forgotten,
    /// Of a phone that this county never enrolled.
    Stranger,
    /// Not signed by the log it names.
    Signature,
    /// Sealed to keys that are not here.
    Sealed,
}

impl NotTaken {
    /// What happened, that nothing was lost, what to do.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unreadable => {
                "文件打不开或读不出来，没有收下任何内容，手机上的内容都在；请检查路径和 U 盘后再导入"
            }
            Self::NotABundle => {
                "不是巡集的离线包，没有收下任何内容，文件没有改动；请核对是否选错了文件"
            }
            Self::HeaderDamaged => {
                "离线包开头损坏，没有收下任何内容，手机上的内容都在；请重新拷贝，或在手机上重写一份"
            }
            Self::Newer => {
                "离线包由更新版本的程序写成，没有收下，文件没有改动；请先升级服务器再导入"
            }
            Self::OtherCounty => "这是别的县局的离线包，没有收下，文件没有改动；请交给写它的单位",
            Self::Forgotten => {
                "手机持有本局证书，但服务器不认得它的日志（可能恢复过旧备份），没有收下；请保留文件并联系管理员"
            }
            Self::Stranger => {
                "这台手机没有在本局登记过，没有收下，文件没有改动；请保留文件并联系管理员核实"
            }
            Self::Signature => {
                "离线包的签名核对不上，没有收下，手机上的内容都在；请在手机上重写一份"
            }
            Self::Sealed => {
                "离线包不是封给本服务器的，打不开，没有收下；请让手机联网同步一次后重写一份"
            }
        }
    }
}

/// Opens a file as a volume. The outer error is the server's own.
pub(super) fn open(app: &App, path: &Path) -> Answer<Result<Volume, NotTaken>> {
    let signed = match header(path) {
        Ok((signed, _)) => signed,
        Err(not) => return Ok(Err(not)),
    };
    let says = &signed.says;
    if !(version::OLDEST..=version::CURRENT).contains(&says.protocol) {
        return Ok(Err(NotTaken::Newer));
    }
    if !(1..=says.volumes).contains(&says.volume) || says.volumes > MAX_BUNDLE_VOLUMES {
        return Ok(Err(NotTaken::HeaderDamaged));
    }
    if says.bureau != app.bureau {
        return Ok(Err(NotTaken::OtherCounty));
    }
    let Some((device, key)) = writer(app, says.log)? else {
        let ours = has_our_certificate(app, says);
        return Ok(Err(if ours {
            NotTaken::Forgotten
        } else {
            NotTaken::Stranger
        }));
    };
    if signed.verify(&key).is_err() {
        return Ok(Err(NotTaken::Signature));
    }
    let own = app.keys.bundles();
    let opened = says
        .seals
        .iter()
        .find_map(|seal| unseal_key(seal, &own).ok());
    Ok(opened.ok_or(NotTaken::Sealed).map(|key| Volume {
        path: path.to_owned(),
        signed,
        device,
        key,
    }))
}

/// The header of a file, and the file behind it.
pub(super) fn header(path: &Path) -> Result<(SignedHeader, BufReader<File>), NotTaken> {
    let file = File::open(path).map_err(|_| NotTaken::Unreadable)?;
    let mut source = BufReader::with_capacity(256 * 1024, file);
    match read_header(&mut source) {
        Ok(signed) => Ok((signed, source)),
        Err(HeaderError::NotOurs) => Err(NotTaken::NotABundle),
        Err(HeaderError::Broken) => Err(NotTaken::HeaderDamaged),
        Err(HeaderError::Io(_)) => Err(NotTaken::Unreadable),
    }
}

/// The phone whose log it is, with the log's key. A revoked one hands in what it holds, as over the network.
fn writer(app: &App, log: LogId) -> Answer<Option<(Device, xunji_protocol::keys::PublicKey)>> {
    let Some(row) = enrolment::log(&app.store, app.bureau, log)? else {
        return Ok(None);
    };
    let Owner::Device { device, .. } = row.owner else {
        return Ok(None);
    };
    let device = enrolment::find_device(&app.store, app.bureau, device)?;
    Ok(device.map(|device| (device, row.key)))
}

fn has_our_certificate(app: &App, says: &BundleHeader) -> bool {
    let root = public_key(&app.keys.root);
    let certificate: Result<Certificate, _> = says
        .certificate
        .open(std::slice::from_ref(&root), CERTIFICATE_CONTEXT);
    let bureau: BureauId = app.bureau;
    certificate.is_ok_and(|certificate| certificate.bureau == bureau)
}
