import type { Sample } from "./sample.ts";

export const augustEarly: Sample[] = [
  {
    section: "thoi-su",
    tags: ["giao thông", "nông nghiệp"],
    copy: `Xã An Hoằng đưa vào sử dụng 12 km đường nội đồng

02/08/2024, 07:15

Sau bảy tháng thi công, toàn bộ trục đường nội đồng của xã An Hoằng đã được đổ bê tông, giúp xe tải nhỏ vào tận chân ruộng trước vụ gặt.

Tuyến đường rộng 3,5 m, nối tám cánh đồng của năm thôn với đường liên xã. Trước đây, vào mùa mưa, bà con phải gánh lúa qua những đoạn lầy dài hàng trăm mét, có nơi bùn ngập quá mắt cá chân.

Theo ban phát triển thôn Đoài, để mở rộng mặt đường, 214 hộ dân đã hiến hơn 9.600 m² đất và dỡ gần 1.500 m bờ rào, tường bao. Hộ hiến nhiều nhất là gia đình ông Đoàn Văn Khởi với 180 m² đất vườn.

“Mất một dải vườn nhưng bù lại xe vào được tận ruộng. Vụ này nhà tôi bớt được gần nửa tiền công vận chuyển”, ông Khởi nói.

Xã đang trồng 600 cây sấu, cây lát hoa dọc tuyến và lắp đèn năng lượng mặt trời ở 22 điểm giao cắt. Phần việc này dự kiến xong trước tháng 11.

Thanh Trà`,
  },
  {
    section: "the-thao",
    tags: ["bơi lội", "thiếu nhi"],
    photos: ["hoc-boi.jpg"],
    copy: `Phòng, chống đuối nước:

Hơn 1.200 học sinh biết bơi sau mùa hè

05/08/2024, 16:40

Hơn 1.200 học sinh biết bơi sau mùa hè – Các lớp dạy bơi miễn phí tại sáu bể bơi di động vừa khép lại sau tám tuần, với 1.236 em vượt qua bài kiểm tra 25 m.

Giờ học nổi của lớp bơi buổi sáng tại xã Lộc Triều. Ảnh: PV

Học viên từ 7 đến 14 tuổi, phần lớn sống ở các xã ven sông, nhiều ao hồ. Mỗi lớp không quá 15 em, có hai huấn luyện viên và một tình nguyện viên cứu hộ.

Ngoài bơi ếch, các em được học nổi ngửa, đứng nước và cách cứu đuối gián tiếp: gọi người lớn, ném phao, đưa sào thay vì nhảy xuống nước.

Chị Vũ Thị Hòe, phụ huynh ở xã Lộc Triều, kể con gái chị sợ nước đến mức tuần đầu chỉ dám ngồi trên thành bể. “Đến tuần thứ năm thì cháu bơi được hết chiều ngang bể, về nhà khoe cả xóm”, chị nói.

Ban tổ chức cho biết các bể bơi sẽ được tháo dỡ, bảo dưỡng rồi chuyển tới sáu trường tiểu học khác để kịp mở lớp trở lại từ tháng 5 năm sau.

Duy Khang`,
  },
  {
    section: "kinh-te",
    tags: ["làng nghề", "nông nghiệp"],
    photos: ["phoi-coi.jpg"],
    copy: `Làng nghề:

Cói được mùa, làng chiếu Hương Hạ thức cùng nắng

08/08/2024, 09:20

Từ 4 giờ sáng, những bó cói tươi đã được chẻ xong để kịp đón nắng. Ba năm nay, làng chiếu Hương Hạ sống khỏe nhờ biết làm thêm những món đồ nhỏ bên cạnh lá chiếu truyền thống.

Cói chẻ được phơi dọc triền đê. Ảnh: PV

Đất Hương Hạ mỗi năm cho hai vụ cói, nhưng chỉ vụ thu hoạch giữa hè mới có sợi dài, trắng và dai. Năm nay mưa thuận, mỗi sào được khoảng bốn tạ cói khô, nhiều hơn năm ngoái chừng nửa tạ.

“Cói sợ nhất là mưa lúc đang phơi. Chỉ một trận rào là sợi ố vàng, bán rẻ như cho”, bà Lê Thị Mận, 62 tuổi, nói trong lúc trở từng luống cói dưới cái nắng đã bắt đầu gắt. Nhà bà có ba sào cói, hai khung dệt, bốn người làm luôn tay.

## Từ lá chiếu đến chiếc túi

Cả làng từng có hơn 300 khung dệt. Khi chiếu nhựa, chiếu trúc tràn ngập các chợ, số khung rút xuống còn 70, người trẻ lần lượt đi làm xa. Bước ngoặt đến khi một nhóm phụ nữ thử tết cói thành túi xách, giỏ đựng và tấm lót bàn ăn, chụp ảnh rồi rao trên mạng.

Chị Phạm Thị Thơm, trưởng nhóm, nhớ đơn hàng đầu tiên chỉ có 12 chiếc túi. Nay tổ hợp tác của chị có 46 người, mỗi tháng giao khoảng 3.000 sản phẩm, thu nhập của thợ từ 5 đến 7 triệu đồng. Người già nhận việc về nhà, học sinh nghỉ hè cũng biết tết quai túi.

Chiếu vẫn là gốc. Một đôi chiếu dệt tay giá 600.000 đồng, phải đặt trước nửa tháng. Những mẫu hoa văn cũ được thợ cả vẽ lại, đóng thành tập để người học nghề tra cứu.

## Giữ cánh đồng cói

Điều làng lo nhất bây giờ không phải đầu ra mà là nguyên liệu. Diện tích cói từ 80 ha nay còn 35 ha, một phần vì nguồn nước thay đổi, một phần vì trồng cói tốn nhiều công hơn trồng lúa.

Hợp tác xã đã ký bao tiêu với 120 hộ, ứng trước tiền phân bón và mua cói khô với giá sàn 14.000 đồng/kg. “Có giá sàn thì dân mới giữ ruộng. Còn ruộng thì còn nghề”, ông Trần Đình Vượng, phụ trách hợp tác xã, nói.

Chiều xuống, triền đê trắng những vệt cói. Bà Mận gom bó cuối cùng, nhẩm tính còn ba ngày nắng nữa là xong vụ.

Lan Chi`,
  },
  {
    section: "the-thao",
    tags: ["cờ tướng"],
    copy: `Kỳ thủ 15 tuổi vô địch giải cờ tướng hè

11/08/2024, 18:05

Chiều 11/8, Ngô Gia Hưng, 15 tuổi, học sinh xã Sơn Đoài, giành chức vô địch giải cờ tướng hè dành cho lứa tuổi dưới 18 sau khi thắng sáu, hòa một trong bảy ván. Giải năm nay có 64 kỳ thủ đến từ 19 câu lạc bộ, thi đấu theo hệ Thụy Sĩ; á quân và hai kỳ thủ đồng hạng ba đều là những gương mặt lần đầu dự giải.

Vũ Kha`,
  },
  {
    section: "chinh-tri",
    tags: ["cử tri", "nông nghiệp"],
    copy: `Tiếp xúc cử tri:

Cử tri xã Đồng Mơ đề nghị sớm sửa trạm bơm, thêm điểm gom rác

14/08/2024, 10:30

Tại buổi tiếp xúc sáng 14/8, mười bốn ý kiến của cử tri xã Đồng Mơ xoay quanh những việc sát sườn: tiêu úng, rác thải và giờ mở cửa trạm y tế.

Nhiều ý kiến nhất dành cho trạm bơm thôn Trung. Cử tri Bùi Thị Lụa phản ánh hai trong bốn máy bơm đã dùng hơn 20 năm, mỗi lần mưa lớn phải mất hai ngày mới rút hết nước cho 60 ha lúa.

Cử tri các thôn ven đường liên xã đề nghị bố trí thêm điểm tập kết rác có mái che, tăng số chuyến thu gom từ hai lên ba chuyến mỗi tuần và lắp camera ở những nơi hay bị đổ trộm.

Về y tế, người cao tuổi mong trạm mở cửa từ 6 giờ 30 vào ngày cấp phát thuốc định kỳ để đỡ phải chờ dưới nắng.

Đại diện Ủy ban nhân dân xã trả lời ngay chín ý kiến thuộc thẩm quyền. Riêng với trạm bơm, xã đã lập hồ sơ thay hai máy, dự kiến trình vào kỳ họp gần nhất; trong lúc chờ, xã thuê máy dã chiến trực suốt mùa mưa.

Các ý kiến còn lại được tổng hợp thành văn bản, niêm yết tại nhà văn hóa các thôn kèm tên đơn vị chịu trách nhiệm và thời hạn trả lời.

Minh Thư`,
  },
];
