using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Pneumothorax.Lab.Experiments.Weights;

namespace Pneumothorax.Lab.Experiments.Tests.Weights;

/// <summary>Files from anywhere: each is refused in one line that names it, and costs no memory that it only claims.</summary>
public sealed class WeightsFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}""", "\"w\" ends 1 bytes after the end of the file: it is cut short.")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "\"w\" has the shape 3, which its 8 bytes do not fill.")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "\"w\" has the shape -2, which its 8 bytes do not fill.")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "\"w\" has the shape 4294967296 x 4294967296, which its 8 bytes do not fill.")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "\"w\" has no valid position in the file.")]
    [InlineData("""{"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", "\"w\" is float64, but weights must be float32: save it as .astype(\"float32\").")]
    [InlineData("""{"w":{"dtype":"F32"}}""", "has a damaged header: ")]
    [InlineData("""["w"]""", "has a damaged header: ")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "\"w\" appears twice.")]
    [InlineData("not JSON", "has a damaged header: ")]
    public void SafeTensors_Wrong_IsRefused(string header, string reason)
    {
        WriteSafeTensors(header, new byte[8]);

        AssertRefused(WeightsFormat.SafeTensors, reason);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData(100UL)]
    public void SafeTensors_HeaderThatClaimsMoreThanThereIs_IsRefused(ulong claimed)
    {
        var bytes = new byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimed);
        File.WriteAllBytes(_path, bytes);

        AssertRefused(WeightsFormat.SafeTensors, $"its header claims {claimed} bytes, and the file has 40.");
    }

    [Fact]
    public void SafeTensors_NotANumber_IsRefused()
    {
        WriteSafeTensors("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", [0, 0, 128, 63, .. BitConverter.GetBytes(float.NaN)]);

        AssertRefused(WeightsFormat.SafeTensors, "\"w\" contains NaN at position 1, which is not a valid weight.");
    }

    [Theory]
    [InlineData("<f4", "False", "(3,)", "\"w\" is cut short.")]
    [InlineData("<f4", "False", "(1,)", "\"w\" contains more values than its shape 1 allows.")]
    [InlineData("<f8", "False", "(1,)", "\"w\" is float64, but weights must be float32: save it as .astype(\"float32\").")]
    [InlineData("<f4", "True", "(1, 2)", "\"w\" is stored column by column; save numpy.ascontiguousarray of it.")]
    [InlineData("<f4", "False", "(99999999999, 99999999999)", "\"w\" has the impossible shape 99999999999 x 99999999999.")]
    [InlineData("|O", "False", "(1,), 'x': __import__('os')", "\"w\" has a header that is not that of a plain array.")]
    public void Npz_Wrong_IsRefused(string type, string fortran, string shape, string reason)
    {
        var header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        WriteNpz([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. new byte[8]]);

        AssertRefused(WeightsFormat.Npz, reason);
    }

    [Fact]
    public void Npz_HugeHeader_IsRefused()
    {
        WriteNpz([0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF]);

        AssertRefused(WeightsFormat.Npz, "\"w\" claims a header of 4294967295 bytes.");
    }

    [Fact]
    public void Npz_NoArray_IsRefused()
    {
        WriteNpz("plain text, long enough"u8.ToArray());

        AssertRefused(WeightsFormat.Npz, "\"w\" is not a numpy array.");
    }

    [Fact]
    public void Npz_CutShort_IsRefused()
    {
        WriteNpz(new byte[1000]);
        var bytes = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, bytes[..^10]);

        AssertRefused(WeightsFormat.Npz, "is not an npz file, or it is cut short");
    }

    private void AssertRefused(WeightsFormat format, string reason)
    {
        var refusal = Assert.Throws<InvalidDataException>(() =>
        {
            using var file = WeightsFile.Open(_path, format);
            file.Read("w");
        });
        Assert.StartsWith(_path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private void WriteSafeTensors(string header, byte[] values)
    {
        var text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(_path, [.. BitConverter.GetBytes((long)text.Length), .. text, .. values]);
    }

    private void WriteNpz(byte[] content)
    {
        using var archive = new ZipArchive(File.Create(_path), ZipArchiveMode.Create);
        using var entry = archive.CreateEntry("w.npy").Open();
        entry.Write(content);
    }

    public void Dispose() => File.Delete(_path);
}
