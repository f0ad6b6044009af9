using Pneumothorax.Lab.Datasets.Hdf5;

namespace Pneumothorax.Lab.Datasets.Tests.Hdf5;

public sealed class Hdf5ImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Ok => [.. SharedData.Names("hdf5-odd", "ok_*.h5")];
    public static TheoryData<string> Bad => [.. SharedData.Names("hdf5-odd", "bad_*.h5")];
    public static TheoryData<string> Hard => [.. SharedData.Names("hdf5-odd", "hard_*.h5")];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ok))]
    public void Read_UnusualEncoding_GivesTheSamePixelsAndLabels(string name)
    {
        var (pixels, labels) = ReadAll(SharedData.Path($"hdf5-odd/{name}"));
        var (expectedPixels, expectedLabels) = ReadAll(SharedData.Path("hdf5-odd/ok_no_channel_axis.h5"));

        Assert.Equal(expectedLabels, labels);
        Assert.True(expectedPixels.AsSpan().SequenceEqual(pixels));
    }

    [Theory]
    [MemberData(nameof(Ok))]
    public void Read_UnusualEncoding_GivesWhatH5pyReads(string name)
    {
        var path = SharedData.Path($"hdf5-odd/{name}");
        Python.SkipWithout("h5py");
        var (pixels, labels) = ReadAll(path);

        var theirs = Python.Run(
            """
            import h5py, hashlib, sys
            with h5py.File(sys.argv[1]) as f:
                label = f['label'][:]
                print(hashlib.sha256(f['image'][:].astype('uint8').tobytes()).hexdigest())
                print(''.join(str(int(v)) for v in (label if label.ndim == 1 else label[:, 1])))
            """, path);

        var ours = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(pixels));
        Assert.Equal($"{ours}\n{string.Concat(labels)}", theirs);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Read_BadFile_SaysWhichFileAndWhyInOneLine(string name)
    {
        var path = SharedData.Path($"hdf5-odd/{name}");

        var refusal = Assert.Throws<InvalidDataException>(() => ReadAll(path));

        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        var about = name switch
        {
            "bad_corrupt_chunk.h5" => "\"image\" is damaged",
            "bad_count_mismatch.h5" => "\"label\" has 7 rows for 12 images",
            "bad_empty.h5" => "is empty",
            "bad_image_is_group.h5" => "\"image\" is a group",
            "bad_label_nan.h5" => "\"label\" is not one-hot: row 0 is (NaN, NaN)",
            "bad_label_not_one_hot.h5" => "\"label\" is not one-hot: row 0 is (0.5, 0.5)",
            "bad_label_three_classes.h5" => "\"label\" has the shape (12, 3)",
            "bad_nan_pixels.h5" => "\"image\" contains NaN in image 0",
            "bad_no_image.h5" or "bad_wrong_names.h5" => "no data set \"image\"",
            "bad_no_label.h5" => "no data set \"label\"",
            "bad_not_hdf5.h5" => "not an HDF5 file",
            "bad_one_class_only.h5" => "\"label\" is pneumothorax for no image",
            "bad_rgb_channels.h5" => "\"image\" has the shape (12, 256, 256, 3)",
            "bad_string_labels.h5" => "\"label\" contains String",
            "bad_truncated.h5" => "cut short",
            "bad_two_dims.h5" => "\"image\" has the shape (12, 65536)",
            "bad_zero_images.h5" => "\"image\" is empty",
            _ => "",
        };
        Assert.Contains(about, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Hard))]
    public void Read_HardFile_IsRightOrRefusedInOneLine(string name)
    {
        var path = SharedData.Path($"hdf5-odd/{name}");
        try
        {
            var (pixels, labels) = ReadAll(path);
            var (expectedPixels, expectedLabels) = ReadAll(SharedData.Path("hdf5-odd/ok_no_channel_axis.h5"));
            Assert.Equal(expectedLabels, labels);
            Assert.True(expectedPixels.AsSpan().SequenceEqual(pixels));
        }
        catch (InvalidDataException refusal)
        {
            Assert.StartsWith($"{path}: \"image\" ", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    [Fact]
    public void Open_HugeDeclaredShape_IsRefusedBeforeAnythingIsAllocated()
    {
        var path = SharedData.Path("hdf5-odd/huge_declared_shape.h5");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<InvalidDataException>(() => Hdf5Images.Open(path));

        Assert.Contains("\"image\" declares 131.1 GB", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Theory]
    [InlineData(1, 256, 256)]
    [InlineData(3, 100, 17)]       // chunks that end outside the array
    [InlineData(5, 64, 64)]
    [InlineData(2, 16, 256)]
    public void Read_ChunksOfAnyShape_GivesThePixelsThatWereWritten(uint images, uint rows, uint columns)
    {
        var path = SampleFile.Write(_folder["chunked.h5"], images: 5, chunks: [images, rows, columns, 1]);

        var (pixels, _) = ReadAll(path);

        for (var image = 0; image < 5; image++) Assert.True(pixels.AsSpan(image * 65536, 65536).SequenceEqual(SampleFile.Image(image)));
    }

    [Fact]
    public void Read_Cancelled_Stops()
    {
        var path = SampleFile.Write(_folder["images.h5"], images: 4);
        using var images = Hdf5Images.Open(path);
        using var cancel = new CancellationTokenSource();
        var read = 0;

        Assert.Throws<OperationCanceledException>(() => images.Read(
            (_, _) =>
            {
                if (++read == 2) cancel.Cancel();
            }, null, cancel.Token));

        Assert.Equal(2, read);
    }

    private static (byte[] Pixels, byte[] Labels) ReadAll(string path)
    {
        using var images = Hdf5Images.Open(path);
        var area = images.Width * images.Height;
        var pixels = new byte[images.Count * area];
        images.Read((index, grey) => grey.CopyTo(pixels.AsSpan(index * area)), null, TestContext.Current.CancellationToken);
        return (pixels, images.Labels);
    }
}
