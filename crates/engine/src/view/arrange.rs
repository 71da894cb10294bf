//! Sorting rows by small numbers: a counting sort, which keeps the order of equal ones and
//! takes the same time for every order that they come in.

/// Sorts `rows` by a key of which `distinct` is greater than every one; `keys` holds the keys of
/// the rows, in their order. Rows with equal keys stay in the order in which they were.
/// Time: rows + keys; memory: four bytes for each of both.
pub(super) fn arrange(rows: &mut Vec<u32>, keys: &[u32], distinct: u32, descending: bool) {
    let last = distinct.saturating_sub(1);
    let place_of = |key: u32| {
        let key = key.min(last);
        (if descending { last - key } else { key }) as usize
    };
    let mut next = vec![0_u32; distinct as usize + 1];
    for &key in keys {
        next[place_of(key) + 1] += 1;
    }
    let mut before = 0;
    for place in &mut next {
        before += *place;
        *place = before;
    }
    let mut sorted = vec![0; rows.len()];
    for (&row, &key) in rows.iter().zip(keys) {
        let place = &mut next[place_of(key)];
        if let Some(slot) = sorted.get_mut(*place as usize) {
            *slot = row;
        }
        *place += 1;
    }
    *rows = sorted;
}

#[cfg(test)]
mod tests {
    use super::arrange;

    #[test]
    fn equal_keys_keep_their_order_both_ways() {
        let check = |descending, expected: &[u32]| {
            let mut rows = vec![10, 11, 12, 13, 14, 15];
            arrange(&mut rows, &[2, 0, 1, 2, 0, 4], 5, descending);
            assert_eq!(rows, expected);
        };
        check(false, &[11, 14, 12, 10, 13, 15]);
        check(true, &[15, 10, 13, 12, 11, 14]);
        let mut none = Vec::new();
        arrange(&mut none, &[], 0, true);
        assert!(none.is_empty());
    }
}
