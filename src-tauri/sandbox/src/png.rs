//! Just enough of PNG (RFC 2083) to draw with: one byte a pixel, a palette, nothing compressed.

/// A picture whose pixels are places in a palette of red, green and blue.
pub(crate) fn png(width: u32, height: u32, palette: &[[u8; 3]], pixel: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    // Eight bits, of a palette; compression, filter and interlace as there is only one, and none.
    chunk(&mut file, b"IHDR", &[&size[..], &[8, 3, 0, 0, 0]].concat());
    chunk(&mut file, b"PLTE", &palette.concat());
    let rows = (0..height).flat_map(|y| {
        let row = (0..width).map(move |x| (x, y));
        // Each row says first how it is filtered: not at all.
        std::iter::once(None).chain(row.map(Some))
    });
    let lines: Vec<u8> = rows.map(|place| place.map_or(0, |(x, y)| pixel(x, y))).collect();
    chunk(&mut file, b"IDAT", &stored(&lines));
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or_default();
    file.extend(length.to_be_bytes());
    let body = [&kind[..], data].concat();
    file.extend(&body);
    file.extend(crc(&body).to_be_bytes());
}

/// RFC 1950 around stored blocks of RFC 1951.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = data.chunks(usize::from(u16::MAX)).collect();
    for (number, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        stream.push(u8::from(number + 1 == blocks.len()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(*block);
    }
    stream.extend(adler(data).to_be_bytes());
    stream
}

fn adler(data: &[u8]) -> u32 {
    const BASE: u32 = 65521;
    let (a, b) = data.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % BASE;
        (a, (b + a) % BASE)
    });
    (b << 16) | a
}

fn crc(data: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    };
    !data.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_are_those_of_the_standards() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b"IEND"), 0xae42_6082);
        assert_eq!(adler(b"Wikipedia"), 0x11e6_0398);
    }
}
