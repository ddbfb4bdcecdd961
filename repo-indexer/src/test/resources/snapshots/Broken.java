package shop;

class Broken {

    int whole(int a) {
        return a + 1;
    }

    int half(int a) {
        if (a > {
            return call(a;
    }

    int after(String name) {
        return name.length();
    }
