using Pneumothorax.Lab.Datasets;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Batches of one split's pixels and labels on the device that computes.</summary>
/// <remarks>
/// On a GPU the whole split stays there as bytes while it is small, so that a step waits for no copy. Otherwise, and always on a CPU,
/// each batch is copied from the data set's memory map: a megabyte for fifteen images, which is nothing beside their convolutions.
/// </remarks>
internal sealed class BatchLoader : IDisposable
{
    // 65,536 images of 256 x 256: more than half of ChestX-ray14, and it leaves room for the network on an 8 GB card.
    private const long ResidentLimit = 4L << 30;

    private readonly ImageSplit _split;
    private readonly int _side;
    private readonly Device _device;
    private readonly Pulse? _pulse;
    private readonly Tensor _labels;         // (images) int64
    private readonly Tensor? _pixels;        // (images, side, side) uint8 where resident

    /// <param name="pulse">Told of every batch.</param>
    public BatchLoader(ImageSplit split, int side, Device device, Pulse? pulse = null)
    {
        (_split, _side, _device, _pulse) = (split, side, device, pulse);
        using var scope = NewDisposeScope();
        var labels = new long[split.Count];
        for (var i = 0; i < labels.Length; i++) labels[i] = split.HasPneumothorax(i) ? 1 : 0;
        _labels = tensor(labels, device: device).DetachFromDisposeScope();
        if (device.type == DeviceType.CUDA && (long)split.Count * side * side <= ResidentLimit) _pixels = CopyAll().DetachFromDisposeScope();
    }

    /// <summary>What the split takes of the device's memory for good.</summary>
    public long ResidentBytes => _pixels?.numel() ?? 0;

    /// <returns>Pixels (N, side, side) uint8 and labels (N) int64 of these rows, in the caller's dispose scope.</returns>
    public (Tensor Pixels, Tensor Labels) Batch(long[] rows)
    {
        _pulse?.Beat();
        using var scope = NewDisposeScope();
        var indices = tensor(rows, device: _device);
        var pixels = _pixels?.index_select(0, indices) ?? CopyRows(rows).to(_device);
        return (pixels.MoveToOuterDisposeScope(), _labels.index_select(0, indices).MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _labels.Dispose();
        _pixels?.Dispose();
    }

    private Tensor CopyAll()
    {
        const int block = 1024;
        var all = empty([_split.Count, _side, _side], ScalarType.Byte, _device);
        for (var start = 0; start < _split.Count; start += block)
        {
            using var scope = NewDisposeScope();
            var rows = Enumerable.Range(start, Math.Min(block, _split.Count - start)).Select(row => (long)row).ToArray();
            all.narrow(0, start, rows.Length).copy_(CopyRows(rows));
        }
        return all;
    }

    private Tensor CopyRows(long[] rows)
    {
        var size = _side * _side;
        var pixels = empty([rows.Length, _side, _side], ScalarType.Byte);
        var bytes = pixels.bytes;
        for (var i = 0; i < rows.Length; i++) _split.Pixels((int)rows[i]).CopyTo(bytes.Slice(i * size, size));
        return pixels;
    }
}
