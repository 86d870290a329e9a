// Whether our bid wins, and what is to be paid: every kind of operator that a bid may need, signed and unsigned.
module bid(
  (* party = "garbler" *) input signed [7:0] ours,
  (* party = "evaluator" *) input [7:0] theirs,
  input signed [3:0] fee,
  output win, signed_win, output [8:0] sum, output signed [8:0] difference, output signed [11:0] product,
  output [15:0] square, output [7:0] ratio, output signed [8:0] signed_ratio, output signed [4:0] rest,
  output reg [7:0] price, output [7:0] logic, output signed [9:0] shifted, output [5:0] part, output [9:0] flags);

  wire [7:0] divisor = theirs | 8'd1;
  wire signed [3:0] signed_divisor = fee | 4'sd1;
  assign win = ours > theirs;
  assign signed_win = ours >= fee;
  assign sum = ours + theirs;
  assign difference = ours - fee;
  assign product = ours * fee;
  assign square = theirs * theirs;
  assign ratio = theirs / divisor;
  assign signed_ratio = ours / signed_divisor;
  assign rest = ours % signed_divisor;
  assign logic = (ours & theirs) ^ ~(theirs | {4'b1010, fee});
  assign shifted = (ours <<< fee[1:0]) + (ours >>> fee[2:0]);
  assign part = theirs[fee[2:0] +: 2] + (theirs >> fee[2:0]);
  assign flags = {&ours, |theirs, ^ours, ~^theirs, !fee, ours && fee, ours || fee, ours == fee, theirs != ours, -fee < ours};

  always @* begin
    case (theirs[2:0])
      0: price = ours * theirs;
      1: price = theirs % divisor;
      2: price = ours >>> theirs[4:2];
      3: price = theirs ? ours : fee;
      default: price = {theirs[3:0], ours[3:0]};
    endcase
  end
endmodule
