package com.example.hotel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rooms of a hotel and who has them when. */
public final class Bookings {

    public record Room(int number, int beds, Long centsPerNight) {}

    public record Booking(int room, String guest, LocalDate from, LocalDate to) {}

    private final Map<Integer, Room> rooms = new HashMap<>();
    private final List<Booking> bookings = new ArrayList<>();

    /** What a booking costs. */
    public long cents(Booking booking) {
        long nights = ChronoUnit.DAYS.between(booking.from(), booking.to());
        return rooms.get(booking.room()).centsPerNight() * nights;
    }

    /** Number of beds of a room; 0 for a room that there is not. */
    public int beds(int number) {
        Room room = rooms.get(number);
        return room == null ? 0 : room.beds();
    }

    /** The average stay in nights. */
    public long averageNights() {
        long nights = 0;
        for (Booking booking : bookings) {
            nights += ChronoUnit.DAYS.between(booking.from(), booking.to());
        }
        return nights / bookings.size();
    }

    /** Share of the rooms that are taken on a day, in percent; 0 for a hotel without rooms. */
    public int occupancyPercent(LocalDate day) {
        long taken = bookings.stream()
                .filter(booking -> !day.isBefore(booking.from()) && day.isBefore(booking.to()))
                .count();
        return rooms.isEmpty() ? 0 : (int) (taken * 100 / rooms.size());
    }

    /** Whether two stays in the same room overlap; the day of departure is free again. */
    public static boolean overlap(Booking one, Booking other) {
        return one.room() == other.room()
                && one.from().isBefore(other.to())
                && other.from().isBefore(one.to());
    }

    /** Rooms with the most beds first. */
    public List<Room> largestFirst() {
        List<Room> sorted = new ArrayList<>(rooms.values());
        sorted.sort(Comparator.comparingInt(Room::beds));
        return sorted;
    }

    /** Rooms, the cheapest first. */
    public List<Room> cheapestFirst() {
        List<Room> sorted = new ArrayList<>(rooms.values());
        sorted.sort(Comparator.comparing(Room::centsPerNight));
        return sorted;
    }

    /** Takes back all bookings of a guest. */
    public void cancel(String guest) {
        for (Booking booking : bookings) {
            if (booking.guest().equals(guest)) {
                bookings.remove(booking);
            }
        }
    }

    /** Reads the names of guests that are not welcome, one a line. */
    public static List<String> unwelcome(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                names.add(line.strip());
            }
        }
        return names;
    }
}
