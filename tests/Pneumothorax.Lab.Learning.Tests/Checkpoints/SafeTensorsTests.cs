using System.Buffers.Binary;
using System.Text;
using Pneumothorax.Lab.Learning.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Checkpoints;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Write_ThenReadInto_GivesTheSameBits()
    {
        var written = new Dictionary<string, Tensor> { ["a.weight"] = randn(3, 2, 5, 5), ["a.bias"] = randn(3) };
        var read = new Dictionary<string, Tensor> { ["a.bias"] = zeros(3), ["a.weight"] = zeros(3, 2, 5, 5) };

        SafeTensors.ReadInto(_path, SafeTensors.Write(_path, written), read);

        Assert.All(written.Keys, name => Assert.True(written[name].equal(read[name]).all().item<bool>()));
    }

    [Fact]
    public void Write_Header_IsThatOfTheFormat()
    {
        SafeTensors.Write(_path, new Dictionary<string, Tensor> { ["w"] = tensor([1f, 2f]).reshape(1, 2) });
        var bytes = File.ReadAllBytes(_path);

        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal("""{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(bytes, 8, length));
        Assert.Equal(2f, BitConverter.ToSingle(bytes, 8 + length + 4));
    }

    [Fact]
    public void ReadInto_AnyBitFlipped_IsFound()
    {
        var hash = SafeTensors.Write(_path, new Dictionary<string, Tensor> { ["w"] = randn(4) });
        var bytes = File.ReadAllBytes(_path);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            File.WriteAllBytes(_path, bytes);
            Assert.Throws<InvalidDataException>(() => SafeTensors.ReadInto(_path, hash, new Dictionary<string, Tensor> { ["w"] = zeros(4) }));
            bytes[i] ^= 0x10;
        }
    }

    [Fact]
    public void ReadInto_OtherShape_NamesTensorAndShape()
    {
        var hash = SafeTensors.Write(_path, new Dictionary<string, Tensor> { ["w"] = randn(4) });

        var refusal = Assert.Throws<InvalidDataException>(() => SafeTensors.ReadInto(_path, hash, new Dictionary<string, Tensor> { ["w"] = zeros(2, 2) }));

        Assert.Contains("no \"w\" of shape 2 x 2", refusal.Message);
    }

    public void Dispose()
    {
        _scope.Dispose();
        File.Delete(_path);
    }
}
