namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>Turns the <c>label</c> array into 0 and 1.</summary>
internal static class LabelReader
{
    public static byte[] Read(Hdf5Array array, Hdf5Reason reason)
    {
        var columns = array.Shape.Count switch
        {
            1 => 1,
            2 when array.Shape[1] is 1 or 2 => array.Shape[1],
            _ => throw reason.Refuse($"has the shape {Hdf5Reason.Shape(array.Shape.Select(size => (ulong)size))}, but (N, 2) one-hot or (N) is needed"),
        };
        var values = array.Type.ToDoubles(reason.Guard(array.ReadWhole));
        var labels = new byte[array.Rows];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = columns == 2
                ? OneHot(values[row * 2], values[row * 2 + 1], row, reason)
                : Index(values[row], row, reason);
        }
        if (labels.Distinct().Count() == 1)
            throw reason.Refuse(labels[0] == 1 ? "is pneumothorax for every image; both classes are needed" : "is pneumothorax for no image; both classes are needed");
        return labels;
    }

    private static byte OneHot(double without, double with, int row, Hdf5Reason reason) => (without, with) switch
    {
        (1, 0) => 0,
        (0, 1) => 1,
        _ => throw reason.Refuse($"is not one-hot: row {row} is ({ElementType.Text(without)}, {ElementType.Text(with)})"),
    };

    private static byte Index(double value, int row, Hdf5Reason reason) => value switch
    {
        0 => 0,
        1 => 1,
        _ => throw reason.Refuse($"contains {ElementType.Text(value)} in row {row}; 0 (no pneumothorax) or 1 (pneumothorax) is needed"),
    };
}
