package io.ringfence.tools.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AccountRuleTest {
    @Test
    void shouldMatchThePublishedHash() {
        // First outputs of splitmix64 seeded with 1234567: state 1234567, then that plus the gamma.
        assertEquals(6457827717110365317L, AccountRule.splitmix64(1_234_567));
        assertEquals(3203168211198807973L, AccountRule.splitmix64(1_234_567 + 0x9E3779B97F4A7C15L));
    }

    @Test
    void shouldPickAnAccountByTheHashWithoutSign() {
        AccountRule rule = new AccountRule(1, 2, 3, 4);

        for (long orderId = 1; orderId < 1_000; orderId++) {
            long expected = 1 + Long.remainderUnsigned(AccountRule.splitmix64(orderId), 4);
            assertEquals(expected, rule.accountId(orderId));
        }
    }

    @Test
    void shouldRefuseNoAccounts() {
        assertThrows(IllegalArgumentException.class, AccountRule::new);
    }
}
