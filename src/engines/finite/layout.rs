//! All orders of named points on an interval, ties included.

/// A weak order of named points between two ends: for each point the place it is at, from 0 (the lower
/// end) to `places - 1` (the upper one).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Layout {
    pub places: usize,
    pub at: Vec<usize>,
}

/// Every weak order of so many points, those with fewest places first. There are
/// 3, 11, 51, 299, 2163, 18731 for 1 to 6 points.
pub(super) fn layouts(points: usize) -> Vec<Layout> {
    let mut all = vec![Layout { places: 2, at: vec![] }];
    for _ in 0..points {
        all = all.iter().flat_map(with_one_more).collect();
    }
    all.sort();
    all
}

/// The layouts with another point: at a place that there is, or at one of its own between two.
fn with_one_more(l: &Layout) -> Vec<Layout> {
    let mut out = vec![];
    for place in 0..l.places {
        let mut at = l.at.clone();
        at.push(place);
        out.push(Layout { places: l.places, at });
    }
    for gap in 1..l.places {
        let mut at: Vec<usize> = l.at.iter().map(|p| if *p >= gap { p + 1 } else { *p }).collect();
        at.push(gap);
        out.push(Layout { places: l.places + 1, at });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::layouts;

    #[test]
    fn every_weak_order_between_two_ends_is_there_once() {
        for (points, count) in [(0, 1), (1, 3), (2, 11), (3, 51), (4, 299)] {
            let mut all = layouts(points);
            assert_eq!(all.len(), count);
            all.dedup();
            assert_eq!(all.len(), count);
        }
    }
}
