//! Which addresses may be called: the table behind every outgoing request.
//!
//! Addresses only; names are resolved before, and the checked address is the one that is called.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

/// Which networks an operator lets requests go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Networks {
    /// The public internet, over https.
    Public,
    /// Private networks and the own machine as well, and plain http.
    PrivateToo,
}

/// What kind of place an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Public,
    /// A private network or the own machine.
    Private(&'static str),
    /// Never a partner, whatever the operator allows.
    Forbidden(&'static str),
}

/// Refuses an address that is not in the allowed networks, with the reason.
pub fn check(address: IpAddr, networks: Networks) -> Result<(), &'static str> {
    match (place(address), networks) {
        (Place::Public, _) | (Place::Private(_), Networks::PrivateToo) => Ok(()),
        (Place::Private(reason) | Place::Forbidden(reason), _) => Err(reason),
    }
}

/// Looks an address up in the registries of special-purpose addresses (RFC 6890 and its successors).
pub fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => place_v4(address),
        IpAddr::V6(address) => place_v6(address),
    }
}

fn place_v4(address: Ipv4Addr) -> Place {
    match address.octets() {
        // On many systems the whole of it reaches the own machine.
        [0, ..] => Place::Forbidden("unspecified"),
        [127, ..] => Place::Private("loopback"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Place::Private("private network"),
        [100, 100, 100, 200] | [168, 63, 129, 16] | [192, 0, 0, 192] => Place::Forbidden("cloud metadata"),
        [100, 64..=127, ..] => Place::Private("carrier network"),
        [169, 254, ..] => Place::Forbidden("link-local"),
        [192, 0, 0, _] | [192, 88, 99, _] => Place::Forbidden("protocol assignment"),
        [198, 18..=19, ..] => Place::Private("benchmark network"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Place::Forbidden("documentation"),
        [224..=239, ..] => Place::Forbidden("multicast"),
        [240..=255, ..] => Place::Forbidden("reserved"),
        _ => Place::Public,
    }
}

fn place_v6(address: Ipv6Addr) -> Place {
    if address == Ipv6Addr::LOCALHOST {
        return Place::Private("loopback");
    }
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] => place_v4(embedded(address)),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => within(place_v4(embedded(address))),
        [0, 0, 0, 0, 0, 0, ..] => Place::Forbidden("unspecified or IPv4-compatible"),
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] => Place::Forbidden("cloud metadata"),
        [0xfc00..=0xfdff, ..] => Place::Private("private network"),
        [0xfe80..=0xfebf, ..] => Place::Forbidden("link-local"),
        [0xfec0..=0xfeff, ..] => Place::Forbidden("site-local"),
        [0xff00..=0xffff, ..] => Place::Forbidden("multicast"),
        [0x2002, ..] => Place::Forbidden("6to4"),
        [0x2001, 0, ..] => Place::Forbidden("Teredo"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Place::Forbidden("documentation"),
        [0x2001, 0..=0x1ff, ..] => Place::Forbidden("protocol assignment"),
        [0x2000..=0x3fff, _, _, _, first, 0x5efe, ..] if first & 0xfdff == 0 => {
            within(place_v4(embedded(address)))
        }
        [0x2000..=0x3fff, ..] => Place::Public,
        // Everything else is not given to anybody: translated, local NAT64, discard, segment routing.
        _ => Place::Forbidden("not global"),
    }
}

/// The IPv4 address in the last 32 bits.
fn embedded(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// A tunnel to a private place is nobody's way to call it.
fn within(place: Place) -> Place {
    match place {
        Place::Private(reason) => Place::Forbidden(reason),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn checked(address: &str, networks: Networks) -> bool {
        check(address.parse().unwrap(), networks).is_ok()
    }

    #[test]
    fn public_addresses_may_be_called() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2001:200::1",
        ] {
            assert!(checked(address, Networks::Public), "{address}");
        }
    }

    #[test]
    fn private_places_may_be_called_only_where_the_operator_says_so() {
        for address in [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "198.18.0.1",
            "::1",
            "fc00::1",
            "fd12:3456::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:c0a8:101",
        ] {
            assert!(!checked(address, Networks::Public), "{address}");
            assert!(checked(address, Networks::PrivateToo), "{address}");
        }
    }

    #[test]
    fn forbidden_places_may_never_be_called() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "169.254.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "192.0.0.8",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "192.88.99.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::2",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:169.254.169.254",
            "::ffff:0.0.0.0",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:db8::1",
            "3fff::1",
            "2001:10::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "fd00:ec2::254",
            "5f00::1",
            "4000::1",
            "2606:4700::5efe:10.0.0.1",
            "2606:4700::200:5efe:127.0.0.1",
        ] {
            assert!(!checked(address, Networks::Public), "{address}");
            assert!(!checked(address, Networks::PrivateToo), "{address}");
        }
    }

    proptest! {
        #[test]
        fn what_the_standard_library_calls_local_is_never_public(bits: u32, high: u128) {
            let v4 = Ipv4Addr::from(bits);
            let local = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
                || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            if local {
                for address in [IpAddr::V4(v4), IpAddr::V6(v4.to_ipv6_mapped()), IpAddr::V6(v4.to_ipv6_compatible())] {
                    prop_assert_ne!(place(address), Place::Public);
                }
            }
            let v6 = Ipv6Addr::from(high);
            if v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local() {
                prop_assert_ne!(place(IpAddr::V6(v6)), Place::Public);
            }
        }
    }
}
