//! What a broker sends, packet by packet. One that is too large is passed over, not read into memory: the line goes on.

use bytes::{Buf, BytesMut};
use rumqttc::mqttbytes::Error as Malformed;
use rumqttc::{Packet, Publish, QoS};
use tokio::io::{AsyncRead, AsyncReadExt};

/// The largest packet that is taken.
pub const LARGEST: usize = 256 * 1024;

/// What came.
pub enum Came {
    /// A packet.
    Packet(Packet),
    /// A message that is too large, without its payload, and how long that is.
    TooLarge(Publish, usize),
}

/// Why no more comes.
pub enum Broken {
    /// The connection ended.
    Ended,
    /// What came is no MQTT.
    Malformed,
}

/// What was read, and not yet understood.
#[derive(Default)]
pub struct Frames {
    buffer: BytesMut,
    /// How much of a packet that is too large is still to come.
    skip: usize,
}

impl Frames {
    /// Waits for the answer to the first packet. What begins otherwise is none (MQTT 3.1.1 section 3.2): its length would
    /// not be one, and be waited for.
    ///
    /// # Errors
    /// Nothing more will come.
    pub async fn first(&mut self, stream: &mut (impl AsyncRead + Unpin + ?Sized)) -> Result<Came, Broken> {
        const ANSWER: u8 = 0x20;
        if self.buffer.is_empty() {
            self.read(stream).await?;
        }
        if self.buffer.first() == Some(&ANSWER) { self.next(stream).await } else { Err(Broken::Malformed) }
    }

    /// Waits for what comes next. Nothing is lost when it is not waited for to the end.
    ///
    /// # Errors
    /// Nothing more will come.
    pub async fn next(&mut self, stream: &mut (impl AsyncRead + Unpin + ?Sized)) -> Result<Came, Broken> {
        loop {
            let passed = self.skip.min(self.buffer.len());
            self.buffer.advance(passed);
            self.skip -= passed;
            if self.skip == 0
                && let Some(came) = self.understood()?
            {
                return Ok(came);
            }
            self.read(stream).await?;
        }
    }

    async fn read(&mut self, stream: &mut (impl AsyncRead + Unpin + ?Sized)) -> Result<(), Broken> {
        match stream.read_buf(&mut self.buffer).await {
            Ok(1..) => Ok(()),
            Ok(0) | Err(_) => Err(Broken::Ended),
        }
    }

    /// What the buffer holds; none where it is not all there yet.
    fn understood(&mut self) -> Result<Option<Came>, Broken> {
        match Packet::read(&mut self.buffer, LARGEST) {
            Ok(packet) => Ok(Some(Came::Packet(packet))),
            Err(Malformed::InsufficientBytes(_)) => Ok(None),
            Err(Malformed::PayloadSizeLimitExceeded(length)) => self.too_large(length),
            Err(_) => Err(Broken::Malformed),
        }
    }

    /// Takes what stands before the payload (MQTT 3.1.1 section 3.3), and passes over the rest.
    fn too_large(&mut self, length: usize) -> Result<Option<Came>, Broken> {
        // More than 256 KB: the length stands in three bytes or four.
        let head = if self.buffer.get(3).is_some_and(|byte| byte & 0x80 != 0) { 5 } else { 4 };
        let (Some(first), Some(topic)) = (self.buffer.first().copied(), self.buffer.get(head..head + 2)) else {
            return Ok(None);
        };
        let topic = usize::from(u16::from_be_bytes([topic[0], topic[1]]));
        let qos = match (first >> 4, (first >> 1) & 3) {
            (3, 0) => QoS::AtMostOnce,
            (3, 1) => QoS::AtLeastOnce,
            // Only messages are so large, and none that was not asked for.
            _ => return Err(Broken::Malformed),
        };
        let id = if qos == QoS::AtMostOnce { 0 } else { 2 };
        let before = 2 + topic + id;
        if self.buffer.len() < head + before {
            return Ok(None);
        }
        self.buffer.advance(head + 2);
        let topic = self.buffer.split_to(topic);
        let topic = std::str::from_utf8(&topic).map_err(|_| Broken::Malformed)?;
        let mut publish = Publish::new(topic, qos, Vec::new());
        publish.retain = first & 1 != 0;
        publish.pkid = if id == 0 { 0 } else { self.buffer.get_u16() };
        self.skip = length - before;
        Ok(Some(Came::TooLarge(publish, self.skip)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(qos: QoS, size: usize) -> Publish {
        let mut publish = Publish::new("é/large", qos, vec![b'x'; size]);
        publish.pkid = if qos == QoS::AtMostOnce { 0 } else { 7 };
        publish
    }

    fn bytes(packets: &[Packet]) -> BytesMut {
        let mut bytes = BytesMut::new();
        for packet in packets {
            packet.write(&mut bytes, usize::MAX).unwrap();
        }
        bytes
    }

    #[tokio::test]
    async fn a_packet_that_is_too_large_is_passed_over_and_the_next_one_is_read() {
        for (qos, size) in [(QoS::AtMostOnce, 300_000), (QoS::AtLeastOnce, 300_000), (QoS::AtLeastOnce, 3_000_000)] {
            let all = bytes(&[Packet::Publish(publish(qos, size)), Packet::PingResp]);
            let (mut frames, mut stream) = (Frames::default(), &all[..]);
            let Ok(Came::TooLarge(large, passed)) = frames.next(&mut stream).await else { panic!("{size}") };
            assert_eq!((large.topic.as_str(), large.pkid, passed), ("é/large", publish(qos, 0).pkid, size));
            assert!(matches!(frames.next(&mut stream).await, Ok(Came::Packet(Packet::PingResp))));
            assert!(frames.buffer.capacity() < 2 * LARGEST, "it was not read into memory");
        }
    }

    #[tokio::test]
    async fn a_packet_that_comes_byte_by_byte_is_read() {
        use tokio::io::AsyncWriteExt;
        let all = bytes(&[Packet::Publish(publish(QoS::AtLeastOnce, 300_000)), Packet::PingResp]);
        let (mut near, mut far) = tokio::io::duplex(1);
        let send = tokio::spawn(async move { far.write_all(&all[..40]).await.map(|()| (far, all)) });
        let mut frames = Frames::default();
        assert!(matches!(frames.next(&mut near).await, Ok(Came::TooLarge(_, 300_000))));
        let rest = async {
            let (mut far, all) = send.await.unwrap().unwrap();
            far.write_all(&all[40..]).await.unwrap();
        };
        let (came, ()) = tokio::join!(frames.next(&mut near), rest);
        assert!(matches!(came, Ok(Came::Packet(Packet::PingResp))));
    }

    #[tokio::test]
    async fn bytes_that_are_no_mqtt_end_the_line_and_nothing_else() {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..20_000 {
            let noise: Vec<u8> = std::iter::repeat_with(|| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                (seed >> 32) as u8
            })
            .take(64)
            .collect();
            let (mut frames, mut stream) = (Frames::default(), &noise[..]);
            while frames.next(&mut stream).await.is_ok() {}
        }
    }
}
