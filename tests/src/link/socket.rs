//! Sockets whose kernel buffers do not hide the line.
//!
//! On loopback the kernel takes megabytes from a sender before anybody has read one: its send
//! buffer grows with the segment size, which is 64 KiB there, and a phone would believe a whole
//! photo sent in a blink. An Ethernet segment and a small receive buffer bring that down from
//! 3.9 MB to about 0.17 MB at 128 kbit/s, which is what a radio link's modem holds.

use std::io;
use std::net::SocketAddr;

use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Bytes the kernel may hold for us unread.
const RECEIVE_BUFFER: u32 = 8 * 1024;

/// The payload of an Ethernet frame.
const SEGMENT: u32 = 1448;

/// A listener whose connections inherit the small buffers.
pub(super) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = small_buffers()?;
    socket.bind(address)?;
    socket.listen(256)
}

/// A connection to the server with small buffers.
pub(super) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = small_buffers()?.connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Closes with RST instead of FIN: whatever was not delivered is lost, and the peer's next read
/// or write fails. A socket that is already dead needs no reset.
pub(super) fn reset(stream: TcpStream) {
    stream.set_zero_linger().ok();
}

fn small_buffers() -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    SockRef::from(&socket).set_tcp_mss(SEGMENT)?;
    Ok(socket)
}
