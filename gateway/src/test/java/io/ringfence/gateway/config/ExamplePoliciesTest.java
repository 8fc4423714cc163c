package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.gateway.config.Names.NameKind;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExamplePoliciesTest {
    @ParameterizedTest
    @CsvSource({
        "venues.yaml,     8, ORDERS, 0dcb21283d0818eda983ccbc9b43ad7867b15465ec387d7c7fa7531b3f99b469",
        "crypto.yaml,     6, ORDERS, e17216605611b9ba3365dd21bebb727139513189dbedf2453bad660a63397310",
        "models.yaml,    22, CALLS,  39eb1819bfee8ceed3e86e68e71d8c26f1c0e91f242a5171f33ad285c954da59",
        "admit-all.yaml,  1, ORDERS, d1c106696b508337a25a6e584966c38df5896fdd57cd4e91316d74ce57755673"
    })
    void shouldCompileToTheSameDigestAsEver(String name, int candidates, CompiledPolicy.Target target, String digest) {
        CompiledPolicy policy = CompiledPolicy.read(ConfFiles.path("policies/" + name));

        assertEquals(candidates, policy.catalog().count());
        assertEquals(target, policy.target());
        assertEquals(List.of(), policy.check());
        assertEquals(digest, HexFormat.of().formatHex(policy.policyDigest()));
    }

    @Test
    void shouldOfferSixProvidersOfModels() {
        CompiledPolicy policy = CompiledPolicy.read(ConfFiles.path("policies/models.yaml"));

        assertEquals(6, policy.names().names(NameKind.PROVIDER).size());
    }
}
