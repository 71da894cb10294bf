//! A list that grows for the length of a run without ever being copied: in chunks. A vector
//! would be moved each time it has to grow, and hold up to twice the room that it needs.

use std::ops::Index;

/// Elements of a chunk: a power of two, so that a place is found by its bits.
const CHUNK: usize = 1 << 14;

/// Elements that can be added at the end and looked at by their place, from 0.
#[derive(Clone, Debug)]
pub(crate) struct Column<T> {
    /// All but the last are full.
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T: Copy> Column<T> {
    /// With room for so many; for more than a chunk, for the first of them.
    pub(crate) fn with_capacity(elements: usize) -> Self {
        Self {
            chunks: vec![Vec::with_capacity(elements.min(CHUNK))],
        }
    }

    pub(crate) fn len(&self) -> usize {
        let last = self.chunks.last().map_or(0, Vec::len);
        self.chunks.len().saturating_sub(1) * CHUNK + last
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.chunks.last()?.last()
    }

    pub(crate) fn push(&mut self, element: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(element),
            _ => {
                let mut chunk = Vec::with_capacity(if self.chunks.is_empty() { 4 } else { CHUNK });
                chunk.push(element);
                self.chunks.push(chunk);
            }
        }
    }

    /// Adds all of another, each changed by `change`.
    pub(crate) fn append(&mut self, other: &Self, change: impl Fn(T) -> T) {
        for from in &other.chunks {
            let mut rest = from.as_slice();
            while !rest.is_empty() {
                if self.chunks.last().is_none_or(|last| last.len() == CHUNK) {
                    self.chunks.push(Vec::with_capacity(CHUNK));
                }
                let Some(last) = self.chunks.last_mut() else {
                    return;
                };
                let fitting = rest.len().min(CHUNK - last.len());
                let (now, later) = rest.split_at(fitting);
                last.reserve_exact(CHUNK - last.len());
                last.extend(now.iter().map(|element| change(*element)));
                rest = later;
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// The place of an element, where the elements ascend.
    pub(crate) fn find(&self, element: &T) -> Option<usize>
    where
        T: Ord,
    {
        let before = |chunk: &Vec<T>| chunk.last().is_some_and(|last| last < element);
        let chunk = self.chunks.partition_point(before);
        let place = self.chunks.get(chunk)?.binary_search(element).ok()?;
        Some(chunk * CHUNK + place)
    }

    pub(crate) fn clear(&mut self) {
        self.chunks.truncate(1);
        if let Some(first) = self.chunks.first_mut() {
            first.clear();
        }
    }

    /// Bytes taken on the heap, unused capacity included.
    pub(crate) fn heap_bytes(&self) -> usize {
        let elements: usize = self.chunks.iter().map(Vec::capacity).sum();
        elements * size_of::<T>() + self.chunks.capacity() * size_of::<Vec<T>>()
    }
}

impl<T: Copy> Index<usize> for Column<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.chunks[place / CHUNK][place % CHUNK]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_their_places() {
        let of = |from: usize, count: usize| {
            let mut column = Column::default();
            for element in from..from + count {
                column.push(element);
            }
            column
        };
        for (first, second) in [
            (0, 0),
            (0, 3),
            (3, 0),
            (5, CHUNK),
            (CHUNK, 1),
            (CHUNK - 1, 2 * CHUNK + 3),
        ] {
            let mut column = of(0, first);
            column.append(&of(100, second), |element| element - 100 + first);
            column.push(first + second);
            assert_eq!(column.len(), first + second + 1);
            assert!(column.iter().copied().eq(0..=first + second));
            let places = [0, first, first + second];
            for place in places {
                assert_eq!((column[place], column.get(place)), (place, Some(&place)));
                assert_eq!(column.find(&place), Some(place));
            }
            assert_eq!(column.last(), Some(&(first + second)));
            assert_eq!(column.get(first + second + 1), None);
            assert_eq!(column.find(&(first + second + 1)), None);
            column.clear();
            assert_eq!(column.len(), 0);
        }
    }
}
