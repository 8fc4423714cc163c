package io.ringfence.engine.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.policy.CatalogFault.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
    private static final Catalog.Head HEAD = new Catalog.Head(3, 4, 9_600, 5_500, 3_500, 2);

    @ParameterizedTest
    @CsvSource({ // head, then id, provider, quality, ceiling, enabled of the first: each line breaks its rule and later
        // ones.
        "10001, 10001, 50001, 0, 64, 10001, 10001, 2, ID_RESERVED",
        "10001, 10001, 50001, 2, 64, 10001, 10001, 2, ENABLED_NOT_BOOLEAN",
        "10001, 10001, 50001, 2, 64, 10001, 10001, 0, HARD_RISK_LIMIT_ABOVE_ONE",
        "10000, 10001, 50001, 2, 64, 10001, 10001, 0, MINIMUM_CONFIDENCE_ABOVE_ONE",
        "10000, 10000, 50001, 2, 64, 10001, 10001, 0, RISK_PENALTY_MULTIPLIER_ABOVE_FIVE",
        "10000, 10000, 50000, 2, 64, 10001, 10001, 0, ID_DUPLICATE",
        "10000, 10000, 50000, 1, 64, 10001, 10001, 0, PROVIDER_ABOVE_63",
        "10000, 10000, 50000, 1, 63, 10001, 10001, 0, QUALITY_ABOVE_ONE",
        "10000, 10000, 50000, 1, 63, 10000, 10001, 0, RISK_CEILING_ABOVE_ONE",
        "10000, 10000, 50000, 1, 63, 10000, 10000, 0, NONE_ENABLED"
    })
    void shouldNameTheFirstRuleBroken(
            int hard,
            int confidence,
            int multiplier,
            long id,
            int provider,
            int quality,
            int ceiling,
            int enabled,
            Rule rule) {
        Catalog.Head head = new Catalog.Head(1, 1, hard, confidence, multiplier, 0);
        Candidate first = new Candidate(id, provider, quality, ceiling, enabled, 0, 0, 0, 0, 0);
        Candidate second = new Candidate(2, 0, 1, 1, 0, 0, 0, 0, 0, 0);

        Checked<Catalog, CatalogFault> result = Catalog.trusted(head, List.of(second, first));

        assertFalse(result.isValid());
        assertEquals(rule, result.fault().orElseThrow().rule());
        assertThrows(IllegalStateException.class, result::value);
    }

    @Test
    void shouldRefuseNoCandidatesAndTooMany() {
        List<Candidate> many = IntStream.rangeClosed(1, 65_536)
                .mapToObj(CatalogTest::candidate)
                .toList();

        assertEquals(Rule.NO_CANDIDATES, ruleOf(Catalog.trusted(HEAD, List.of())));
        assertEquals(Rule.TOO_MANY_CANDIDATES, ruleOf(Catalog.trusted(HEAD, many)));
        assertTrue(Catalog.trusted(HEAD, many.subList(0, 65_535)).isValid());
        assertEquals(1, Catalog.asGiven(HEAD, List.of()).fault().stream().count());
    }

    @Test
    void shouldSortTrustedCandidatesAndFindThem() {
        Catalog catalog = Catalog.trusted(HEAD, List.of(candidate(9), candidate(2), candidate(0xFFFF_FFFFL)))
                .value();

        assertEquals(2, catalog.candidate(0).id());
        assertEquals(1, catalog.indexOf(9));
        assertEquals(2, catalog.indexOf(0xFFFF_FFFFL));
        assertEquals(Catalog.NO_INDEX, catalog.indexOf(3));
        assertEquals(Catalog.NO_INDEX, catalog.indexOf(0));
    }

    @Test
    void shouldKeepTheOrderGivenAndFindTheFirstOfEqualIds() {
        Catalog catalog = Catalog.asGiven(HEAD, List.of(candidate(9), candidate(2), candidate(9)));

        assertEquals(0, catalog.indexOf(9));
        assertEquals(1, catalog.indexOf(2));
        assertEquals(Rule.ID_DUPLICATE, catalog.fault().orElseThrow().rule());
    }

    @Test
    void shouldReadBackWhatItWrote() {
        Catalog catalog = Catalog.trusted(
                        new Catalog.Head(-1, -2, 10_000, 9_999, 50_000, -3),
                        List.of(
                                new Candidate(0xFFFF_FFFFL, 63, 10_000, 9_999, 1, 0xFFFF_FFFEL, -1, -2, -3, -4),
                                candidate(5)))
                .value();
        byte[] bytes = CatalogCodec.encode(catalog);
        byte[] shifted = new byte[bytes.length + 2];
        System.arraycopy(bytes, 0, shifted, 1, bytes.length);

        Catalog read = CatalogCodec.decode(shifted, 1, bytes.length).value();

        assertEquals(catalog.head(), read.head());
        assertEquals(catalog.candidate(0), read.candidate(0));
        assertEquals(catalog.candidate(1), read.candidate(1));
        assertArrayEquals(bytes, CatalogCodec.encode(read));
        assertEquals(30 + 2 * 47, bytes.length);
    }

    @Test
    void shouldRefuseBytesThatAreNoCanonicalCatalog() {
        byte[] bytes = CatalogCodec.encode(
                Catalog.trusted(HEAD, List.of(candidate(5), candidate(6))).value());
        byte[] swapped = bytes.clone();
        swapped[CatalogCodec.HEAD_LENGTH] = 7;

        assertEquals(Rule.NOT_ASCENDING, ruleOf(CatalogCodec.decode(swapped, 0, swapped.length)));
        for (int length = 0; length < bytes.length; length++) {
            boolean isWhole = length == 30 || length == 77;
            Checked<Catalog, CatalogFault> result = CatalogCodec.decode(bytes, 0, length);
            if (!isWhole) {
                assertEquals(Rule.LENGTH_UNEVEN, ruleOf(result));
            }
        }
        assertEquals(Rule.NO_CANDIDATES, ruleOf(CatalogCodec.decode(bytes, 0, 30)));
    }

    @Test
    void shouldRefuseValuesThatTheLayoutCannotCarry() {
        assertThrows(IllegalArgumentException.class, () -> candidate(0x1_0000_0000L));
        assertThrows(IllegalArgumentException.class, () -> candidate(-1));
        assertThrows(IllegalArgumentException.class, () -> new Catalog.Head(1, 1, 65_536, 0, 0, 0));
    }

    @Test
    void shouldTestSixtyFourAtOnceAsOneByOne() {
        SplittableRandom random = new SplittableRandom(11);
        for (int bits = 0; bits <= 64; bits++) {
            int shift = 64 - bits;
            long[] values = random.longs(130)
                    .map(value -> shift == 64 ? 0 : value >>> shift)
                    .toArray();
            CandidateTable.Column planes = new CandidateTable.Column(values);
            long limit = random.nextLong() >>> random.nextInt(64);
            long wanted = random.nextLong() & random.nextLong();
            for (int position = 0; position < values.length; position++) {
                int word = position >>> 6;
                long value = values[position];
                assertEquals(Long.compareUnsigned(value, limit) < 0, bit(planes.below(word, limit), position));
                assertEquals(Long.compareUnsigned(value, limit) > 0, bit(planes.above(word, limit), position));
                assertFalse(bit(planes.below(word, value), position));
                assertFalse(bit(planes.above(word, value), position));
                assertFalse(bit(planes.above(word, -1), position));
                assertEquals((value & wanted) != wanted, bit(planes.lacksAny(word, wanted), position));
                assertEquals((value & wanted) == 0, bit(planes.lacksAll(word, wanted), position));
            }
        }
    }

    @Test
    void shouldCountThoseOfEnoughQuality() {
        int[] qualities = {0, 1, 63, 64, 65, 4_000, 4_000, 10_000};
        List<Candidate> candidates = IntStream.range(0, qualities.length)
                .mapToObj(index -> new Candidate(index + 1, 0, qualities[index], 0, 1, 0, 0, 0, 0, 0))
                .toList();
        CandidateTable table = Catalog.trusted(HEAD, candidates).value().table();

        for (int minimum = 0; minimum <= 65_535; minimum++) {
            int least = minimum;
            assertEquals(Arrays.stream(qualities).filter(q -> q >= least).count(), table.countAtLeast(minimum));
        }
    }

    private static boolean bit(long word, int position) {
        return ((word >>> position) & 1) != 0;
    }

    private static Rule ruleOf(Checked<Catalog, CatalogFault> result) {
        return result.fault().orElseThrow().rule();
    }

    private static Candidate candidate(long id) {
        return new Candidate(id, 1, 5_000, 9_000, 1, 10, 1, 1, 1, 1);
    }
}
