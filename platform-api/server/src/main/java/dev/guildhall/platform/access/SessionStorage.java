package dev.guildhall.platform.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.core.serializer.support.DeserializingConverter;
import org.springframework.core.serializer.support.SerializationFailedException;
import org.springframework.core.serializer.support.SerializingConverter;

/** Keeps sessions in the database, so that a restart signs nobody out. */
@Configuration(proxyBeanMethods = false)
class SessionStorage implements BeanClassLoaderAware {

    private static final Logger log = LoggerFactory.getLogger(SessionStorage.class);

    private @Nullable ClassLoader classLoader;

    @Override
    public void setBeanClassLoader(ClassLoader classLoader) {
        this.classLoader = classLoader;
    }

    /** What an older version wrote and this one cannot read is absent: the person signs in again. */
    @Bean
    GenericConversionService springSessionConversionService() {
        GenericConversionService service = new GenericConversionService();
        service.addConverter(Object.class, byte[].class, new SerializingConverter());
        service.addConverter(new TolerantReader(
                classLoader == null ? new DeserializingConverter() : new DeserializingConverter(classLoader)));
        return service;
    }

    private record TolerantReader(DeserializingConverter reader) implements GenericConverter {

        @Override
        public Set<ConvertiblePair> getConvertibleTypes() {
            return Set.of(new ConvertiblePair(byte[].class, Object.class));
        }

        @Override
        public @Nullable Object convert(@Nullable Object bytes, TypeDescriptor sourceType, TypeDescriptor targetType) {
            try {
                return bytes == null ? null : reader.convert((byte[]) bytes);
            } catch (SerializationFailedException exception) {
                log.info("a session of another version is dropped: {}", exception.getMessage());
                return null;
            }
        }
    }
}
