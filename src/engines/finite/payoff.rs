//! All order types of a strictly unimodal payoff on finitely many points.

/// The values at the points in order; 0 is what disagreement is worth. Values next to each other in size
/// differ by 1.
pub(super) type Values = Vec<i32>;

/// Every order type of a payoff on `places` points with its peak at one of them, with every place of 0
/// among its values, each as the whole numbers that are nearest to 0. There are
/// D(p, q) ways to merge the two slopes (Delannoy's numbers), and 0 is at or between the levels.
pub(super) fn order_types(places: usize, peak: usize) -> Vec<Values> {
    let mut out = vec![];
    let mut depths = vec![0; places];
    merge(peak, peak, 1, &mut depths, &mut |depths: &[i32], levels: i32| {
        // Twice the height above the lowest level, against all places of 0.
        for zero in -1..=2 * (levels - 1) + 1 {
            let value = |depth: &i32| {
                let above = 2 * (levels - 1 - depth) - zero;
                // An odd distance is one from between two levels.
                if zero % 2 == 0 { above / 2 } else { (above + above.signum()) / 2 }
            };
            out.push(depths.iter().map(value).collect());
        }
    });
    out
}

/// Goes down from the peak: the points from `left` to `right` have their depth, the next level is for
/// the next point on either side or for both.
fn merge(left: usize, right: usize, level: i32, depths: &mut Vec<i32>, give: &mut dyn FnMut(&[i32], i32)) {
    let (more_left, more_right) = (left > 0, right + 1 < depths.len());
    if !more_left && !more_right {
        return give(depths, level);
    }
    if more_left {
        depths[left - 1] = level;
        merge(left - 1, right, level + 1, depths, give);
    }
    if more_right {
        depths[right + 1] = level;
        merge(left, right + 1, level + 1, depths, give);
    }
    if more_left && more_right {
        depths[left - 1] = level;
        depths[right + 1] = level;
        merge(left - 1, right + 1, level + 1, depths, give);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::order_types;

    #[test]
    fn order_types_are_unimodal_different_and_as_many_as_there_are() {
        for (places, peak, count) in [(2, 0, 5), (2, 1, 5), (3, 0, 7), (3, 1, 7 + 7 + 5), (4, 1, 41)] {
            let all = order_types(places, peak);
            for v in &all {
                assert!(v[..=peak].windows(2).all(|w| w[0] < w[1]), "{v:?}");
                assert!(v[peak..].windows(2).all(|w| w[0] > w[1]), "{v:?}");
            }
            let different: BTreeSet<_> = all.iter().collect();
            assert_eq!(different.len(), all.len());
            assert_eq!(all.len(), count, "{places} {peak}");
        }
    }

    #[test]
    fn the_values_of_a_rising_pair_are_small() {
        let all = order_types(2, 1);
        assert_eq!(all, [[1, 2], [0, 1], [-1, 1], [-1, 0], [-2, -1]]);
    }
}
