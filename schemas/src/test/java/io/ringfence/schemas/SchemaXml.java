package io.ringfence.schemas;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Reads the schema's XML as plain elements, without the SBE tool, so that tests do not trust what they check. */
final class SchemaXml {
    private static final Path SOURCE = Path.of("src", "main", "resources", "ringfence.xml");
    private static final Map<String, Integer> PRIMITIVE_LENGTHS = Map.of(
            "char", 1, "int8", 1, "uint8", 1, "int16", 2, "uint16", 2, "int32", 4, "uint32", 4, "int64", 8, "uint64",
            8);
    private static final Set<String> TYPE_TAGS = Set.of("type", "composite", "enum", "set");

    /** How a field's value is written. */
    enum Shape {
        NUMBER,
        ENUM,
        SET,
        TEXT,
        BYTES,
        COMPOSITE
    }

    /** One named element with what stands inside it. */
    record Item(String tag, String name, String type, String text, Map<String, String> attributes, List<Item> items) {
        int id() {
            return Integer.parseInt(attributes.get("id"));
        }

        String description() {
            return attributes.getOrDefault("description", "");
        }

        String capitalName() {
            return Character.toUpperCase(name.charAt(0)) + name.substring(1);
        }

        boolean isOptional() {
            return "optional".equals(attributes.get("presence"));
        }

        /** Elements of an array; 1 for a plain value. */
        int length() {
            return Integer.parseInt(attributes.getOrDefault("length", "1"));
        }

        Stream<Item> withInner() {
            return Stream.concat(Stream.of(this), items.stream().flatMap(Item::withInner));
        }

        Item inner(String innerName) {
            return items.stream()
                    .filter(item -> item.name().equals(innerName))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no such element: " + name + "." + innerName));
        }
    }

    private final List<Item> messages = new ArrayList<>();
    private final Map<String, Item> types = new LinkedHashMap<>();

    private SchemaXml() {}

    static SchemaXml read() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setXIncludeAware(true);
            Item root = item(factory.newDocumentBuilder().parse(SOURCE.toFile()).getDocumentElement());
            SchemaXml schema = new SchemaXml();
            root.items().stream().filter(item -> item.tag().equals("message")).forEach(schema.messages::add);
            root.withInner()
                    .filter(item -> item.tag().equals("types"))
                    .flatMap(item -> item.items().stream())
                    .filter(item -> TYPE_TAGS.contains(item.tag()))
                    .forEach(type -> schema.types.put(type.name(), type));
            return schema;
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException("the schema cannot be read: " + SOURCE.toAbsolutePath(), e);
        }
    }

    List<Item> messages() {
        return messages;
    }

    Item message(String name) {
        return messages.stream()
                .filter(message -> message.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such message: " + name));
    }

    List<Item> types() {
        return List.copyOf(types.values());
    }

    /** Declared type of a field or composite member; a primitive stands for itself. */
    Item typeOf(Item field) {
        Item declared = types.get(field.type());
        return declared != null ? declared : field;
    }

    Shape shapeOf(Item field) {
        Item type = typeOf(field);
        if (field.tag().equals("data")) {
            return type.inner("varData").attributes().containsKey("characterEncoding") ? Shape.TEXT : Shape.BYTES;
        }
        if (type.tag().equals("composite")) {
            return Shape.COMPOSITE;
        }
        if (type.tag().equals("enum")) {
            return Shape.ENUM;
        }
        if (type.tag().equals("set")) {
            return Shape.SET;
        }
        if (type.length() == 1) {
            return Shape.NUMBER;
        }
        return primitiveOf(type).equals("char") ? Shape.TEXT : Shape.BYTES;
    }

    /** Code of each value of an enum, or bit of each choice of a set, in schema order. */
    Map<String, Integer> codes(String enumName) {
        return types.get(enumName).items().stream()
                .collect(toMap(Item::name, value -> Integer.parseInt(value.text()), (a, b) -> a, LinkedHashMap::new));
    }

    /** Bytes of the fixed fields of a message, group or composite. */
    int blockLength(Item parent) {
        return parent.items().stream()
                .filter(item -> !item.tag().equals("group") && !item.tag().equals("data"))
                .mapToInt(this::encodedLength)
                .sum();
    }

    static String primitiveOf(Item type) {
        return type.attributes()
                .getOrDefault("primitiveType", type.attributes().getOrDefault("encodingType", type.type()));
    }

    private int encodedLength(Item field) {
        Item type = typeOf(field);
        return type.tag().equals("composite")
                ? blockLength(type)
                : type.length() * PRIMITIVE_LENGTHS.get(primitiveOf(type));
    }

    private static Item item(Element element) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Node attribute = element.getAttributes().item(i);
            attributes.put(attribute.getNodeName(), attribute.getNodeValue());
        }
        List<Item> items = new ArrayList<>();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                items.add(item(inner));
            }
        }
        return new Item(
                element.getLocalName(),
                attributes.getOrDefault("name", ""),
                attributes.getOrDefault("type", ""),
                element.getTextContent().trim(),
                attributes,
                items);
    }
}
