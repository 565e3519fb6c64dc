//! 巡河: what counts as walked, and whether it is enough.

use proptest::prelude::*;
use xunhe_domain::entry::{Fix, FixSource};
use xunhe_domain::patrol::{
    BadTrack, Cover, Leg, PART_MS, Tally, TrackFix, ValidityRule, cut_part, read_track, stretches,
    write_track,
};
use xunhe_domain::register::{ReachLine, Term};

/// A fix so many seconds after the start and metres east of it.
fn at(second: i64, east_m: f64) -> TrackFix {
    TrackFix {
        at_ms: 1_779_580_800_000 + second * 1_000,
        lat: 35.5,
        lon: 110.7 + east_m / (111_320.0 * 35.5_f64.to_radians().cos()),
        accuracy_m: 8.0,
        resumed: false,
    }
}

fn tally(fixes: &[TrackFix]) -> Tally {
    let mut tally = Tally::default();
    for fix in fixes {
        tally.add(*fix);
    }
    tally
}

#[test]
fn a_walk_is_its_length() {
    let walk: Vec<_> = (0..=600)
        .map(|s| at(s, f64::from(i32::try_from(s).unwrap()) * 1.2))
        .collect();
    let sum = tally(&walk);
    assert!((sum.metres - 720.0).abs() < 8.0, "{}", sum.metres);
    assert_eq!((sum.tracked_ms, sum.gaps, sum.jumps), (600_000, 0, 0));
}

#[test]
fn standing_still_adds_up_to_nothing() {
    // The receiver wanders by a few metres around one place.
    let here: Vec<_> = (0..600)
        .map(|s| {
            at(
                s,
                [0.0, 2.0, -1.5, 3.0, 1.0][usize::try_from(s).unwrap() % 5],
            )
        })
        .collect();
    assert!(tally(&here).metres < 1.0);
}

#[test]
fn gaps_and_jumps_are_never_distance() {
    for (case, fixes, legs) in [
        ("a gap of 31 s", vec![at(0, 0.0), at(31, 40.0)], Leg::Gap),
        (
            "a jump of 500 m in a second",
            vec![at(0, 0.0), at(1, 500.0)],
            Leg::Jump,
        ),
        (
            "a rough fix",
            vec![
                at(0, 0.0),
                TrackFix {
                    accuracy_m: 80.0,
                    ..at(5, 40.0)
                },
            ],
            Leg::Rough,
        ),
        (
            "an older fix",
            vec![at(5, 0.0), at(4, 40.0)],
            Leg::Walked(0.0),
        ),
    ] {
        let mut sum = Tally::default();
        let last = fixes.into_iter().map(|fix| sum.add(fix)).last();
        assert_eq!(last, Some(legs), "{case}");
        assert!(sum.metres < 0.1, "{case}: {} m", sum.metres);
    }
    // Exactly 30 s still counts.
    assert!(tally(&[at(0, 0.0), at(30, 40.0)]).metres > 39.0);
    // After a jump the walk goes on from there.
    let after = tally(&[at(0, 0.0), at(1, 500.0), at(11, 512.0)]);
    assert!((after.metres - 12.0).abs() < 0.5, "{}", after.metres);
}

#[test]
fn a_pause_is_no_gap_and_no_distance() {
    let mut sum = tally(&[at(0, 0.0), at(10, 12.0)]);
    sum.pause();
    assert_eq!(sum.add(at(3_600, 900.0)), Leg::Begun);
    sum.add(at(3_610, 912.0));
    assert_eq!((sum.gaps, sum.tracked_ms), (0, 20_000));
    assert!((sum.metres - 24.0).abs() < 0.5);
}

#[test]
fn what_is_missing_is_explained() {
    let rule = ValidityRule {
        id: "demo-1".to_owned(),
        division: "yc".parse().unwrap(),
        level: None,
        minutes: 10,
        metres: 500,
        percent: Some(60),
        term: Term {
            from: "2026-01-01".parse().unwrap(),
            to: None,
        },
        source: "示例".to_owned(),
    };
    for (seconds, metres, percent, missing) in [
        (600, 500, Some(60), (0, 0, 0)),
        (360, 160, Some(20), (240, 340, 40)),
        // 无河段线: nobody knows the share.
        (600, 500, None, (0, 0, 0)),
        (0, 0, None, (600, 500, 0)),
    ] {
        let lacking = rule.lacking(seconds, metres, percent);
        assert_eq!((lacking.seconds, lacking.metres, lacking.percent), missing);
        assert_eq!(lacking.is_nothing(), missing == (0, 0, 0));
    }
}

fn line(error_m: u32) -> ReachLine {
    let far = at(0, 2_000.0);
    ReachLine {
        coordinates: vec![[110.7, 35.5], [far.lon, 35.5]],
        error_m,
        source: "test".to_owned(),
    }
}

#[test]
fn the_share_of_a_reach_is_the_line_walked_along() {
    // Up and down again counts once; an overview line may lie 400 m off.
    for (off_m, error_m, percent) in [
        (0.0, 0, 50),
        (380.0, 400, 50),
        (600.0, 400, 0),
        (90.0, 0, 50),
    ] {
        let mut cover = Cover::of(&line(error_m)).unwrap();
        let there = (0..=100).map(|n| (n, f64::from(n) * 10.0));
        let back = (0..=100).map(|n| (101 + n, 1_000.0 - f64::from(n) * 10.0));
        for (step, east) in there.chain(back) {
            let mut fix = at(i64::from(step) * 8, east);
            fix.lat += off_m / 111_320.0;
            cover.add(fix);
        }
        assert_eq!(
            cover.percent(),
            percent,
            "{off_m} m off a line good to {error_m} m"
        );
    }
}

#[test]
fn what_lies_in_a_gap_is_not_walked() {
    let mut cover = Cover::of(&line(0)).unwrap();
    for (second, east) in [(0, 0.0), (20, 200.0), (120, 1_200.0), (140, 1_400.0)] {
        cover.add(at(second, east));
    }
    assert_eq!(cover.percent(), 20);
    let point = ReachLine {
        coordinates: vec![[110.7, 35.5]; 2],
        ..line(0)
    };
    assert_eq!(
        Cover::of(&point),
        None,
        "a line without length has no share"
    );
}

#[test]
fn bytes_that_are_no_track_are_known() {
    let bytes = write_track(&[at(0, 0.0), at(1, 2.0)]);
    assert_eq!(read_track(b"{}"), Err(BadTrack::NotATrack));
    assert_eq!(
        read_track(&bytes[..bytes.len() - 1]),
        Err(BadTrack::CutOff(1))
    );
    assert_eq!(read_track(b"XHT1"), Ok(Vec::new()));
    let endless = [b"XHT1".as_slice(), &[0xFF; 40]].concat();
    assert_eq!(read_track(&endless), Err(BadTrack::CutOff(0)));
    // An hour at 1 Hz.
    let hour: Vec<_> = (0..3_600)
        .map(|s| at(s, f64::from(i32::try_from(s).unwrap()) * 1.1))
        .collect();
    assert!(write_track(&hour).len() < 40_000);
}

prop_compose! {
    fn any_fix()(second in 0..100_000_i64, lat in -90.0..90.0_f64, lon in -180.0..180.0_f64, accuracy in 0.0..5_000.0_f64, resumed: bool) -> TrackFix {
        TrackFix { at_ms: 1_779_580_800_000 + second * 997, lat, lon, accuracy_m: accuracy, resumed }
    }
}

proptest! {
    #[test]
    fn a_track_is_read_as_it_was_written(fixes in prop::collection::vec(any_fix(), 0..50)) {
        let read = read_track(&write_track(&fixes)).unwrap();
        prop_assert_eq!(read.len(), fixes.len());
        for (read, fix) in read.iter().zip(&fixes) {
            prop_assert_eq!((read.at_ms, read.resumed), (fix.at_ms, fix.resumed));
            prop_assert!((read.lat - fix.lat).abs() <= 0.51e-7 && (read.lon - fix.lon).abs() <= 0.51e-7);
            prop_assert!((read.accuracy_m - fix.accuracy_m).abs() <= 0.051);
        }
    }

    #[test]
    fn a_fix_of_the_device_is_what_the_track_keeps_of_it(fix in any_fix()) {
        let device = Fix {
            lat: fix.lat,
            lon: fix.lon,
            accuracy_m: fix.accuracy_m,
            at_ms: fix.at(),
            age_ms: 0,
            source: FixSource::Device,
        };
        let taken = TrackFix::of(&device, fix.resumed);
        prop_assert_eq!(read_track(&write_track(&[taken])), Ok(vec![taken]));
    }

    #[test]
    fn parts_hold_every_fix_once_and_in_order(mut fixes in prop::collection::vec(any_fix(), 0..50)) {
        fixes.sort_by_key(|fix| fix.at_ms);
        let (mut rest, mut held) = (&fixes[..], Vec::new());
        while !rest.is_empty() {
            let (part, after) = cut_part(rest);
            prop_assert!(part[part.len() - 1].at_ms - part[0].at_ms < PART_MS);
            held.extend_from_slice(part);
            rest = after;
        }
        prop_assert_eq!(held, fixes);
    }

    #[test]
    fn no_bytes_make_the_reader_fall(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_track(&bytes);
        let _ = read_track(&[b"XHT1".as_slice(), &bytes].concat());
    }

    #[test]
    fn whatever_comes_distance_is_finite_and_never_shrinks(fixes in prop::collection::vec(any_fix(), 0..50)) {
        let mut sum = Tally::default();
        let mut before = 0.0;
        for fix in fixes {
            sum.add(fix);
            prop_assert!(sum.metres.is_finite() && sum.metres >= before);
            before = sum.metres;
        }
    }
}

#[test]
fn a_part_is_shorter_than_ten_minutes() {
    let hour: Vec<_> = (0..3_600).map(|s| at(s, 0.0)).collect();
    let (part, rest) = cut_part(&hour);
    assert_eq!((part.len(), rest.len()), (600, 3_000));
    // Half an hour without a position lies between two parts and in neither.
    let silent = [at(0, 0.0), at(500, 9.0), at(2_300, 80.0)];
    let (part, rest) = cut_part(&silent);
    assert_eq!((part.len(), rest.len()), (2, 1));
    // What may still grow has no rest.
    assert_eq!(cut_part(&hour[..600]).1, []);
    assert_eq!(cut_part(&[]), (&[][..], &[][..]));
}

#[test]
fn a_track_is_drawn_with_its_gaps_as_gaps() {
    let resumed = TrackFix {
        resumed: true,
        ..at(400, 900.0)
    };
    let drawn = stretches(&[
        at(0, 0.0),
        at(10, 20.0),
        // a gap of a minute, then on
        at(70, 100.0),
        at(80, 120.0),
        // a jump
        at(81, 620.0),
        at(90, 640.0),
        // a pause: nothing is between
        resumed,
        at(410, 920.0),
    ]);
    let gaps: Vec<_> = drawn.iter().map(|s| (s.gap, s.points.len())).collect();
    assert_eq!(
        gaps,
        [
            (false, 2),
            (true, 2),
            (false, 2),
            (true, 2),
            (false, 2),
            (false, 2)
        ]
    );
    assert_eq!(
        drawn[1].points.first(),
        drawn[0].points.last(),
        "from where it was"
    );
    assert_eq!(stretches(&[]), []);
    assert_eq!(stretches(&[at(0, 0.0)]), [], "one fix is no way");
}

proptest! {
    #[test]
    fn what_is_drawn_as_walked_is_what_counts(
        steps in prop::collection::vec((1..60_i64, -80.0..80.0_f64, 3.0..70.0_f64, prop::bool::weighted(0.05)), 0..80),
    ) {
        let (mut second, mut east) = (0, 0.0);
        let fixes: Vec<_> = steps.into_iter().map(|(s, m, accuracy_m, resumed)| {
            second += s;
            east += m;
            TrackFix { accuracy_m, resumed, ..at(second, east) }
        }).collect();
        let mut sum = Tally::default();
        for fix in &fixes {
            if fix.resumed {
                sum.pause();
            }
            sum.add(*fix);
        }
        let length = |points: &[[f64; 2]]| -> f64 {
            points.windows(2).map(|p| (p[1][0] - p[0][0]).abs() * 111_320.0 * 35.5_f64.to_radians().cos()).sum()
        };
        let walked: f64 = stretches(&fixes).iter().filter(|s| !s.gap).map(|s| length(&s.points)).sum();
        prop_assert!((walked - sum.metres).abs() < 0.5, "{} drawn, {} counted", walked, sum.metres);
    }
}
