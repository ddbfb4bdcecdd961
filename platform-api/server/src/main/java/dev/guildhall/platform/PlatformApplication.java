package dev.guildhall.platform;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts platform-api. */
@SpringBootApplication
public class PlatformApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(PlatformApplication.class, arguments);
    }
}
