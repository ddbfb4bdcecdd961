package dev.guildhall.engine.kernel;

/** Weights as {@link VectorKernels} read them. */
record PanelMatrix(String name, int rows, int columns, Panels panels) implements Matrix {

    @Override
    public long bytes() {
        return panels.bytes();
    }
}
