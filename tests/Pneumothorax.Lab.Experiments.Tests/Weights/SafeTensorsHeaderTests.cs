using System.Text;
using Pneumothorax.Lab.Experiments.Weights;

namespace Pneumothorax.Lab.Experiments.Tests.Weights;

public sealed class SafeTensorsHeaderTests
{
    private static readonly (string, IReadOnlyList<long>, long, long)[] s_tensors = [("a.weight", [2, 3], 0, 24), ("b", [], 24, 28)];

    [Fact]
    public void Bytes_AreTheFormatsOwn()
    {
        const string json = """{"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[],"data_offsets":[24,28]}}""";

        Assert.Equal([.. BitConverter.GetBytes((long)json.Length), .. Encoding.UTF8.GetBytes(json)], SafeTensorsHeader.Bytes(s_tensors));
    }

    [Fact]
    public void Bytes_Aligned_EndAtAMultipleOfEight_AndAreReadBack()
    {
        var header = SafeTensorsHeader.Bytes(s_tensors, new Dictionary<string, string> { ["network"] = "{\"name\":\"lité\"}" }, aligned: true);
        Assert.Equal(0, header.Length % 8);

        float[] values = [1, 2, 3, 4, 5, 6, float.NaN];
        using var file = WeightsFile.Open("weights", new MemoryStream([.. header, .. values.SelectMany(BitConverter.GetBytes)]), WeightsFormat.SafeTensors);
        Assert.Equal("{\"name\":\"lité\"}", file.Metadata["network"]);
        Assert.Equal([2, 3], file.Entries["a.weight"].Shape);
        Assert.Equal(values[..6], file.Read("a.weight"));
        Assert.Equal([float.NaN], file.ReadAsIs("b"));
        Assert.Throws<InvalidDataException>(() => file.Read("b"));
    }
}
