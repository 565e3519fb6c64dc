use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// The public key of one installation: a point of P-256, uncompressed, as browsers export it
/// (`raw`); 65 bytes, base64 on the wire. The private half never leaves the browser. **\[wire\]**
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceKey([u8; 65]);

/// A text that is no device key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a device key: 65 bytes of an uncompressed P-256 point in base64 are wanted")]
pub struct BadDeviceKey;

impl DeviceKey {
    /// From the bytes that a browser exports. Whether they are a point of the curve shows when
    /// something is verified: a key that is none verifies nothing.
    pub fn new(raw: [u8; 65]) -> Result<Self, BadDeviceKey> {
        if raw[0] == 4 {
            Ok(Self(raw))
        } else {
            Err(BadDeviceKey)
        }
    }

    /// The bytes.
    pub const fn bytes(&self) -> &[u8; 65] {
        &self.0
    }

    /// Whether `sig` (base64 of `r ‖ s`, 64 bytes, as browsers sign) is this key's signature of
    /// an entry's exact header text.
    pub fn signed(&self, header: &str, sig: &str) -> bool {
        let read = || {
            let key = VerifyingKey::from_sec1_bytes(&self.0).ok()?;
            let raw = BASE64.decode(sig).ok()?;
            Some((key, Signature::from_slice(&raw).ok()?))
        };
        read().is_some_and(|(key, signature)| key.verify(header.as_bytes(), &signature).is_ok())
    }
}

impl FromStr for DeviceKey {
    type Err = BadDeviceKey;
    fn from_str(text: &str) -> Result<Self, BadDeviceKey> {
        let raw = BASE64.decode(text).map_err(|_| BadDeviceKey)?;
        Self::new(raw.try_into().map_err(|_| BadDeviceKey)?)
    }
}

impl fmt::Display for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({self})")
    }
}

impl Serialize for DeviceKey {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DeviceKey {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer as _;

    #[test]
    fn only_this_keys_signature_of_this_header_counts() {
        let pair = SigningKey::from_slice(&[7; 32]).unwrap();
        let public = |pair: &SigningKey| {
            let point = pair.verifying_key().to_sec1_point(false);
            DeviceKey::new(point.as_bytes().try_into().unwrap()).unwrap()
        };
        let key = public(&pair);
        let sign = |text: &str| -> String {
            let signature: Signature = pair.sign(text.as_bytes());
            BASE64.encode(signature.to_bytes())
        };
        let sig = sign("{\"v\":1}");
        assert!(key.signed("{\"v\":1}", &sig));
        assert!(!key.signed("{\"v\":2}", &sig));
        let other = public(&SigningKey::from_slice(&[8; 32]).unwrap());
        assert!(!other.signed("{\"v\":1}", &sig));
        for bad in ["", "AAAA", "####", &sig[4..]] {
            assert!(!key.signed("{\"v\":1}", bad), "{bad} was taken");
        }
        assert_eq!(key.to_string().parse(), Ok(key));
        let mut nowhere = *key.bytes();
        nowhere[64] ^= 1;
        assert!(!DeviceKey::new(nowhere).unwrap().signed("{\"v\":1}", &sig));
        for bad in ["", "BAAA", "AgAA"] {
            assert_eq!(bad.parse::<DeviceKey>(), Err(BadDeviceKey));
        }
    }
}
